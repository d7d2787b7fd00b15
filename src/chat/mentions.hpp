#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chat/model.hpp"

namespace parley::chat {

/// Somebody whom a message could mention.
struct Mentionable {
    Id user_id = 0;
    std::string name = {};
};

/// How many `@` of one message are looked at; what follows later ones mentions nobody.
inline constexpr std::size_t mentions_tried_max = 50;

/// Whether a text can mention anybody, so that names need not be loaded for most.
[[nodiscard]] bool may_mention(std::string_view body);

/// Whom `body` mentions, each once, ascending: an `@` that does not follow a letter or digit, and directly
/// after it, in any case of letters, somebody's whole name, or its first word if nobody else's name begins
/// with that word; and then no letter or digit. Where several names fit the longest counts, and everybody who
/// has it.
[[nodiscard]] std::vector<Id> find_mentions(std::string_view body, std::span<const Mentionable> people);

}  // namespace parley::chat
