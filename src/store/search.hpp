#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/transaction.hpp"

namespace parley::store {

/// Words that follow each other; of most terms only one.
struct SearchTerm {
    std::vector<std::string> words = {};   // as written
    std::vector<std::string> folded = {};  // the same in lower case, without diacritics
    bool is_prefix = false;                // the last word may go on
};

/// What a message must have, all of it.
struct SearchTerms {
    std::vector<SearchTerm> terms = {};
    [[nodiscard]] bool empty() const { return terms.empty(); }
};

/// The last word of a search counts as the beginning of one if it has this many characters: shorter ones
/// begin so many words that looking for them takes long and says little.
inline constexpr std::size_t prefix_characters_min = 3;

/// Reads what a person types, valid UTF-8: words, and phrases between quotation marks or held together by
/// punctuation. Nothing of it can be wrong; without any word it is empty.
[[nodiscard]] SearchTerms parse_search(std::string_view text);

/// Ids between two others, both excluded.
struct IdRange {
    std::int64_t after = 0;
    std::int64_t before = 0;
};

/// Some of the messages that were looked for.
struct Matches {
    std::vector<std::int64_t> ids = {};  // the newest first
    std::int64_t after = 0;              // there are no others with greater ids in the range
};

/// The newest messages in the range whose text has all `terms`, whoever may see them: `count_max` at most,
/// and maybe fewer although there are more further back. When `after` is that of the range, these were the
/// last. `terms` must not be empty. Throws Failure.
[[nodiscard]] Matches find_matches(Transaction& transaction, const SearchTerms& terms, IdRange range,
                                   std::int64_t count_max);

}  // namespace parley::store
