#include "chat/search_snippet.hpp"

#include <algorithm>

#include "store/search_words.hpp"

namespace parley::chat {

namespace {

/// How many characters stand before the first word that was looked for.
constexpr std::size_t characters_before = 40;
constexpr std::string_view ellipsis = "…";

std::vector<store::Word> words_of(std::string_view body) {
    std::vector<store::Word> words;
    store::WordReader reader(body);
    while (auto word = reader.next()) words.push_back(std::move(*word));
    return words;
}

/// Whether the words of `term` stand at `at` and after it.
bool stands_at(const store::SearchTerm& term, const std::vector<store::Word>& words, std::size_t at) {
    if (at + term.folded.size() > words.size()) return false;
    for (std::size_t i = 0; i < term.folded.size(); ++i) {
        const auto& word = words[at + i].folded;
        const auto& wanted = term.folded[i];
        const auto may_go_on = term.is_prefix && i + 1 == term.folded.size();
        if (may_go_on ? !word.starts_with(wanted) : word != wanted) return false;
    }
    return true;
}

/// What is found of all terms, as ranges of characters in their order, without overlaps.
std::vector<Highlight> find_all(const std::vector<store::Word>& words, const store::SearchTerms& terms) {
    std::vector<Highlight> found;
    for (std::size_t at = 0; at < words.size(); ++at) {
        std::size_t count = 0;
        for (const auto& term : terms.terms) {
            if (stands_at(term, words, at)) count = std::max(count, term.folded.size());
        }
        for (std::size_t i = at; i < at + count; ++i) {
            const auto start = static_cast<std::int64_t>(words[i].character);
            if (!found.empty() && found.back().start >= start) continue;
            found.push_back({.start = start, .length = static_cast<std::int64_t>(words[i].characters)});
        }
    }
    return found;
}

/// The byte at which each character begins, and the end of the text.
std::vector<std::size_t> character_starts(std::string_view text) {
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U) starts.push_back(i);
    }
    starts.push_back(text.size());
    return starts;
}

/// The beginning of the word in which `character` lies, or `character`, so that no word is cut.
std::size_t word_start(const std::vector<store::Word>& words, std::size_t character) {
    for (const auto& word : words) {
        const auto end = word.character + word.characters;
        if (word.character < character && character < end) return word.character;
    }
    return character;
}

}  // namespace

bool has_all_terms(std::string_view body, const store::SearchTerms& terms) {
    const auto words = words_of(body);
    return std::ranges::all_of(terms.terms, [&](const store::SearchTerm& term) {
        for (std::size_t at = 0; at < words.size(); ++at) {
            if (stands_at(term, words, at)) return true;
        }
        return false;
    });
}

Snippet make_snippet(std::string_view body, const store::SearchTerms& terms) {
    const auto words = words_of(body);
    const auto found = find_all(words, terms);
    const auto starts = character_starts(body);
    const auto characters = starts.size() - 1;

    std::size_t begin = 0;
    if (characters > snippet_characters_max && !found.empty()) {
        const auto first = static_cast<std::size_t>(found.front().start);
        begin = std::min(first - std::min(first, characters_before), characters - snippet_characters_max);
        if (const auto start = word_start(words, begin); begin - start < characters_before) begin = start;
    }
    const auto end = std::min(characters, begin + snippet_characters_max);

    Snippet snippet;
    if (begin > 0) snippet.text += ellipsis;
    const auto shift = static_cast<std::int64_t>(begin > 0 ? 1 : 0) - static_cast<std::int64_t>(begin);
    for (const auto c : body.substr(starts[begin], starts[end] - starts[begin])) {
        snippet.text += c == '\n' || c == '\t' ? ' ' : c;
    }
    if (end < characters) snippet.text += ellipsis;
    for (const auto& highlight : found) {
        const auto from = std::max(highlight.start, static_cast<std::int64_t>(begin));
        const auto to = std::min(highlight.start + highlight.length, static_cast<std::int64_t>(end));
        if (from < to) snippet.highlights.push_back({.start = from + shift, .length = to - from});
    }
    return snippet;
}

}  // namespace parley::chat
