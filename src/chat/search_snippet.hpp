#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/search.hpp"

namespace parley::chat {

/// A word that was looked for, counted in code points of the snippet's text.
struct Highlight {
    std::int64_t start = 0;
    std::int64_t length = 0;
    bool operator==(const Highlight&) const = default;
};

/// A part of a message's body on one line, and where in it the words are that were looked for. What was cut
/// off at an end is an ellipsis.
struct Snippet {
    std::string text = {};
    std::vector<Highlight> highlights = {};
};

/// At most this many characters of the body, and an ellipsis at either end.
inline constexpr std::size_t snippet_characters_max = 160;

/// Whether `body`, valid UTF-8, has all of `terms`: what the databases' indices find, without them.
[[nodiscard]] bool has_all_terms(std::string_view body, const store::SearchTerms& terms);

/// The part of `body`, valid UTF-8, around the first place where a word of `terms` occurs.
[[nodiscard]] Snippet make_snippet(std::string_view body, const store::SearchTerms& terms);

}  // namespace parley::chat
