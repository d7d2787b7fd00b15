#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace parley::store {

/// A word of a text: a run of letters, digits and the marks on them.
struct Word {
    std::size_t byte = 0;       // where it begins
    std::size_t bytes = 0;      // and how long it is
    std::size_t character = 0;  // the same in code points
    std::size_t characters = 0;
    std::string folded = {};  // in lower case, without diacritics
};

/// Reads the words of valid UTF-8 one after the other, much as the databases' indices cut and fold them, so
/// that what they find can be shown, and looked for without them.
class WordReader {
public:
    explicit WordReader(std::string_view text) : text_(text) {}

    /// The next word; empty at the end.
    [[nodiscard]] std::optional<Word> next();

private:
    struct Character {
        char32_t code_point = 0;
        std::size_t bytes = 0;
    };
    [[nodiscard]] Character peek() const;

    std::string_view text_;
    std::size_t byte_ = 0;
    std::size_t character_ = 0;
};

}  // namespace parley::store
