#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "hub/app.hpp"
#include "hub/directory.hpp"
#include "pusher/socket_id.hpp"

namespace parley::hub {

/// A client event that was accepted.
struct ObservedClientEvent {
    std::string_view channel;
    std::string_view event;
    std::string_view data;
    pusher::SocketId socket;
    std::optional<std::string_view> user_id;  // on presence channels
};

/// Is told what happens on this node, on the thread of the loop where it happens. Calls about one channel, or
/// one user's signing in and out, come one at a time in the order in which it happened; they hold
/// a lock of the hub, so that an observer must be quick, must not block and must not call into the hub: it
/// queues what it is told and acts elsewhere. Calls about different channels, users and connections may come
/// at the same time. What the arguments point to is gone after the call, but for the app.
class Observer {
public:
    /// The first connection of `user` has come into the channel. Its further ones are not told.
    virtual void member_joined(const App& app, std::string_view channel, const PresentUser& user) = 0;

    /// The last connection of the user has left the channel.
    virtual void member_left(const App& app, std::string_view channel, std::string_view user_id) = 0;

    /// The first connection of the user has signed in. Further ones are not told.
    virtual void signed_in(const App& app, std::string_view user_id) = 0;

    /// The last connection that was signed in as the user has ended.
    virtual void signed_out(const App& app, std::string_view user_id) = 0;

    /// A channel has got its first subscriber, or lost its last: before its first `member_joined` and after
    /// its last `member_left`. Not of the channels of users.
    virtual void channel_occupied(const App& /*app*/, std::string_view /*channel*/) {}
    virtual void channel_vacated(const App& /*app*/, std::string_view /*channel*/) {}

    /// Somebody has come to a cache channel of which nothing is remembered.
    virtual void cache_missed(const App& /*app*/, std::string_view /*channel*/) {}

    /// The subscribers of a channel have been told how many they are.
    virtual void subscription_count_told(const App& /*app*/, std::string_view /*channel*/,
                                         std::uint64_t /*count*/) {}

    virtual void client_event(const App& /*app*/, const ObservedClientEvent& /*event*/) {}

    /// A connection that had been greeted has ended: after the `member_left` of its channels and its
    /// `signed_out`, which come as soon as it begins to close, and holding no lock.
    virtual void connection_closed(const App& app, pusher::SocketId socket) = 0;

protected:
    ~Observer() = default;
};

}  // namespace parley::hub
