#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "hub/channel.hpp"
#include "net/mailbox.hpp"
#include "websocket/prepared_message.hpp"

namespace parley::hub {

/// What the registry tells a loop about one of its channels, in the order in which it happened there, and
/// what others want done in this order.
/// Pointers are to data of the receiving loop, which keeps them alive until it has read this.
struct Mail {
    enum class Kind : std::uint8_t {
        deliver,  // `message` to every subscriber but `except`
        joined,   // `session` is a subscriber from here on, as `member`
        left,     // `session` is none any more
        run       // `function` is called, and must not change subscriptions; no channel is concerned
    };

    Kind kind;
    LocalChannel* channel = nullptr;
    Session* session = nullptr;
    const PresenceMember* member = nullptr;
    websocket::PreparedMessage message = {};
    std::uint64_t except = 0;        // a packed socket id; 0 is nobody's
    std::uint64_t published_us = 0;  // when an event was published, of metrics::steady_us; 0: it is none
    std::shared_ptr<const std::function<void()>> function = {};
};

using LoopMailbox = net::Mailbox<Mail>;

}  // namespace parley::hub
