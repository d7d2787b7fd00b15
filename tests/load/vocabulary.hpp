#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace parley::load {

/// The words of an invented language, the same in every run. As in a real one the word of rank n is said
/// about n times as seldom as the first, and what is said often is short.
class Vocabulary {
public:
    explicit Vocabulary(std::uint64_t seed);

    /// By rank, from 0.
    [[nodiscard]] const std::string& word(std::size_t rank) const { return words_[rank]; }
    [[nodiscard]] std::size_t word_count() const { return words_.size(); }

    /// Something that somebody says: 3 to 20 words.
    [[nodiscard]] std::string sentence();

    /// A whole number below `below`, which is not 0.
    [[nodiscard]] std::size_t number(std::size_t below);

private:
    [[nodiscard]] std::string invent(std::size_t syllable_count);

    std::mt19937_64 random_;
    std::vector<std::string> words_;
    std::vector<double> shares_;  // of a word and those before it
};

}  // namespace parley::load
