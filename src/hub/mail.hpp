#pragma once

#include <cstdint>

#include "hub/channel.hpp"
#include "net/mailbox.hpp"
#include "websocket/prepared_message.hpp"

namespace parley::hub {

/// What the registry tells a loop about one of its channels, in the order in which it happened there.
/// Pointers are to data of the receiving loop, which keeps them alive until it has read this.
struct Mail {
    enum class Kind : std::uint8_t {
        deliver,  // `message` to every subscriber but `except`
        joined,   // `session` is a subscriber from here on, as `member`; `message` is its answer
        left      // `session` is none any more
    };

    Kind kind;
    LocalChannel* channel;
    Session* session = nullptr;
    const PresenceMember* member = nullptr;
    websocket::PreparedMessage message = {};
    std::uint64_t except = 0;  // a packed socket id; 0 is nobody's
};

using LoopMailbox = net::Mailbox<Mail>;

}  // namespace parley::hub
