#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "chat/search_snippet.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// What to look for. All words of `text` must occur, the last one as the beginning of a word; words between
/// quotation marks as a phrase. Case and diacritics make no difference.
struct SearchQuery {
    std::string_view text;
    std::optional<Id> company_id = {};
    std::optional<Id> conversation_id = {};
    std::optional<Id> sender_id = {};
    std::optional<Moment> before = {};  // sent before this moment
    std::optional<Moment> after = {};   // sent at this moment or later
    bool has_attachment = false;
    std::string_view cursor = {};  // empty: the newest
    std::int64_t limit = 50;
};

struct SearchHit {
    Message message = {};
    Snippet snippet = {};
};

struct SearchPage {
    std::vector<SearchHit> hits = {};
    std::optional<std::string> next_cursor = {};
};

/// Messages in the conversations that the user takes part in now, the newest first; deleted ones are not
/// found. 422 for a text without a word (field `q`), and for a cursor of something else.
[[nodiscard]] Result<SearchPage> search_messages(store::Transaction& transaction, Id user_id,
                                                 const SearchQuery& query);

}  // namespace parley::chat
