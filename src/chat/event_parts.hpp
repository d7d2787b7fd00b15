#pragma once

#include <utility>
#include <variant>

#include "chat/events.hpp"

namespace parley::chat {

/// The audience of an event of a conversation, else null.
[[nodiscard]] inline const Audience* audience_of(const Event& event) {
    return std::visit(
        [](const auto& what) -> const Audience* {
            if constexpr (requires { what.audience; }) {
                return &what.audience;
            } else {
                return nullptr;
            }
        },
        event);
}
[[nodiscard]] inline Audience* audience_of(Event& event) {
    return const_cast<Audience*>(audience_of(std::as_const(event)));
}

/// Whether an event concerns everybody in its conversation. Those that do not name whom they are for, so that
/// of a general room nobody has to be looked up.
[[nodiscard]] inline bool concerns_all_participants(const Event& event) {
    return std::visit(
        [](const auto& what) { return requires { what.audience; } && !requires { what.names_who_is_told; }; },
        event);
}

/// The message of an event that carries one, else null.
[[nodiscard]] inline Message* message_of(Event& event) {
    return std::visit(
        [](auto& what) -> Message* {
            if constexpr (requires { what.message; }) {
                return &what.message;
            } else {
                return nullptr;
            }
        },
        event);
}

}  // namespace parley::chat
