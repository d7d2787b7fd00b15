#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chat/events.hpp"
#include "json/parser.hpp"

namespace parley::chat {

/// What a row of the outbox is called and holds. Pure.
struct OutboxData {
    std::string_view kind;
    std::string data;  // JSON
};

/// The row of an event. Of a conversation it holds the id alone, of a message that was sent or updated too.
/// Not for TypingChanged.
[[nodiscard]] OutboxData write_outbox_data(const Event& event);

/// The event of a row, with an id only where a reference was written. Empty when it is none that we know.
[[nodiscard]] std::optional<Event> read_outbox_data(json::Parser& parser, std::string_view kind,
                                                    std::string_view data);

}  // namespace parley::chat
