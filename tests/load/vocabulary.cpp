#include "vocabulary.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace parley::load {

namespace {

constexpr std::size_t words_max = 20'000;
constexpr std::size_t short_words = 60;  // of one or two syllables; then up to three; then four
constexpr std::size_t middling_words = 2'000;

}  // namespace

Vocabulary::Vocabulary(std::uint64_t seed) : random_(seed) {
    std::unordered_set<std::string> known;
    double total = 0;
    while (words_.size() < words_max) {
        const auto rank = words_.size();
        const std::size_t least = rank < short_words ? 1 : rank < middling_words ? 2 : 3;
        auto word = invent(least + number(2));
        if (!known.insert(word).second) continue;
        words_.push_back(std::move(word));
        total += 1.0 / static_cast<double>(words_.size());
        shares_.push_back(total);
    }
    for (auto& share : shares_) share /= total;
}

std::string Vocabulary::sentence() {
    std::uniform_real_distribution<double> share(0, 1);
    std::string text;
    for (auto left = 3 + number(18); left > 0; --left) {
        const auto found = std::upper_bound(shares_.begin(), shares_.end(), share(random_));
        const auto rank = static_cast<std::size_t>(found - shares_.begin());
        text += words_[std::min(rank, words_.size() - 1)];
        text += left == 1 ? '.' : ' ';
    }
    return text;
}

std::size_t Vocabulary::number(std::size_t below) { return random_() % below; }

std::string Vocabulary::invent(std::size_t syllable_count) {
    constexpr std::string_view consonants = "bdfghjklmnprstvwz";
    constexpr std::string_view vowels = "aeiou";
    constexpr std::string_view endings = "nrst";
    std::string word;
    for (std::size_t i = 0; i < syllable_count; ++i) {
        word += consonants[number(consonants.size())];
        word += vowels[number(vowels.size())];
    }
    if (number(2) == 0) word += endings[number(endings.size())];
    return word;
}

}  // namespace parley::load
