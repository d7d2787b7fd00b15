#include "store/search.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "store/search_words.hpp"

namespace parley::store {

namespace {

// FTS5 walks the ids of matches downwards from a bound, so it does no more than what is asked for.
constexpr char select_matches[] =
    "SELECT rowid FROM message_index WHERE message_index MATCH $1 AND rowid > $2 AND rowid < $3 "
    "ORDER BY rowid DESC LIMIT $4";

// PostgreSQL has no such index: its GIN index gives all matches of a word at once, to be sorted, which takes
// seconds for a common one. So common words are looked for among the newest messages, uncommon ones with the
// index. The planner cannot know which, so each statement leaves it no choice: IS NOT FALSE hides the
// condition from the GIN index, a sum the ids from the primary key.
#define PARLEY_WANTED "to_tsquery('simple', regexp_replace(normalize($1, NFD), '[\\u0300-\\u036f]', '', 'g'))"

const Statement walk_messages(select_matches, "SELECT id FROM messages, " PARLEY_WANTED
                                              " AS wanted WHERE (body_index @@ wanted) IS NOT FALSE "
                                              "AND id > $2 AND id < $3 ORDER BY id DESC LIMIT $4");

const Statement search_window(select_matches, "SELECT id FROM messages WHERE body_index @@ " PARLEY_WANTED
                                              " AND id > $2 AND id < $3 ORDER BY id + 0 DESC LIMIT $4");

const Statement search_all(select_matches, "SELECT id FROM messages WHERE body_index @@ " PARLEY_WANTED
                                           " AND id + 0 > $2 AND id + 0 < $3 ORDER BY id + 0 DESC LIMIT $4");

#undef PARLEY_WANTED

/// How far back a statement looks, and how many matches there make it a word that is common enough to go on
/// so.
struct Window {
    const Statement& statement;
    std::int64_t id_count;
    std::size_t common_count;
};
const std::array<Window, 2> windows = {{{walk_messages, 5'000, 250}, {search_window, 100'000, 500}}};

std::string fts5_expression(const SearchTerms& terms) {
    std::string expression;
    for (const auto& term : terms.terms) {
        expression += expression.empty() ? "\"" : " AND \"";
        for (const auto& word : term.words) expression += word + " ";
        expression.back() = '"';
        if (term.is_prefix) expression += '*';
    }
    return expression;
}

std::string tsquery(const SearchTerms& terms) {
    std::string query;
    for (const auto& term : terms.terms) {
        query += query.empty() ? "(" : " & (";
        for (std::size_t i = 0; i < term.words.size(); ++i) {
            if (i > 0) query += " <-> ";
            query += "'" + term.words[i] + "'";
        }
        if (term.is_prefix) query += ":*";
        query += ')';
    }
    return query;
}

std::vector<std::int64_t> ids(const Rows& rows) {
    std::vector<std::int64_t> found;
    found.reserve(rows.size());
    for (const auto row : rows) found.push_back(row.integer(0));
    return found;
}

SearchTerm read_term(std::string_view text) {
    SearchTerm term;
    WordReader reader(text);
    while (auto word = reader.next()) {
        if (word->folded.empty()) continue;  // nothing but diacritics
        term.words.emplace_back(text.substr(word->byte, word->bytes));
        term.folded.push_back(std::move(word->folded));
    }
    return term;
}

/// Whether the search ends in a word that may still be being typed.
bool ends_in_long_word(std::string_view chunk) {
    WordReader reader(chunk);
    std::optional<Word> last;
    while (auto word = reader.next()) last = std::move(word);
    return last && last->byte + last->bytes == chunk.size() && last->characters >= prefix_characters_min;
}

}  // namespace

SearchTerms parse_search(std::string_view text) {
    SearchTerms parsed;
    const auto add = [&](std::string_view chunk, bool is_prefix) {
        auto term = read_term(chunk);
        if (term.words.empty()) return;
        term.is_prefix = is_prefix;
        parsed.terms.push_back(std::move(term));
    };
    while (!text.empty()) {
        if (text.front() == '"') {
            const auto phrase = text.substr(1, text.find('"', 1) - 1);
            add(phrase, false);
            text.remove_prefix(std::min(text.size(), phrase.size() + 2));
            continue;
        }
        const auto chunk = text.substr(0, text.find_first_of(" \t\r\n\""));
        text.remove_prefix(chunk.size());
        add(chunk, text.empty() && ends_in_long_word(chunk));
        if (!text.empty() && text.front() != '"') text.remove_prefix(1);
    }
    return parsed;
}

Matches find_matches(Transaction& transaction, const SearchTerms& terms, IdRange range,
                     std::int64_t count_max) {
    const bool is_sqlite = transaction.dialect() == Dialect::sqlite;
    const auto expression = is_sqlite ? fts5_expression(terms) : tsquery(terms);
    const auto find = [&](const Statement& statement, std::int64_t after) {
        auto found = ids(transaction.query(statement, {expression, after, range.before, count_max}));
        const bool is_full = std::cmp_equal(found.size(), count_max);
        const auto searched_after = is_full ? found.back() - 1 : after;
        return Matches{.ids = std::move(found), .after = std::max(range.after, searched_after)};
    };
    if (is_sqlite) return find(search_all, range.after);
    for (const auto& [statement, id_count, common_count] : windows) {
        if (range.before - range.after <= id_count) break;
        auto matches = find(statement, range.before - 1 - id_count);
        if (std::cmp_equal(matches.ids.size(), count_max) || matches.ids.size() >= common_count)
            return matches;
    }
    return find(search_all, range.after);
}

}  // namespace parley::store
