#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hub/app.hpp"
#include "pusher/close_code.hpp"
#include "pusher/socket_id.hpp"

namespace parley::hub {

/// A connection that has lost the right to a channel.
struct SubscriptionEnd {
    pusher::SocketId socket = {};
    std::string channel = {};
    std::string reason = {};  // a sentence for its user, sent as it is
};

/// Takes back what connections of this node were allowed. Any thread; nothing waits here. Each loop does what
/// it is told between the events around it, so that whatever is published after a call has returned finds its
/// effect. Meant for what is rare: each call is looked at by every loop.
class Control {
public:
    /// Bars each socket from its channel: a subscription is refused with `reason`, however valid its
    /// signature, until `permit` or the connection's end. One that it has ends as with an unsubscribe, and
    /// `pusher:subscription_error` (AuthError, status 403) tells it the reason. Sockets that are not here are
    /// passed over.
    virtual void end_subscriptions(const App& app, std::span<const SubscriptionEnd> ends) = 0;

    /// Lifts the bar, if there is one. `done` is called when that is in force, also when there is no such
    /// socket: once, on a loop's thread, where it must not block, or at once without loops. It is dropped
    /// when the loops have stopped. Not empty.
    virtual void permit(const App& app, pusher::SocketId socket, std::string_view channel,
                        std::function<void()> done) = 0;

    /// Sends `pusher:error` and a close frame with `code`, which says what the clients do next. `sentence` is
    /// for people. Sockets that are not here are passed over.
    virtual void close_connections(const App& app, std::span<const pusher::SocketId> sockets,
                                   pusher::CloseCode code, std::string sentence) = 0;

    /// The same for every connection that has signed in as `user_id` or is a member of a presence channel as
    /// that user. It is no error when there is none.
    virtual void close_user(const App& app, std::string_view user_id, pusher::CloseCode code,
                            std::string sentence) = 0;

    /// Tells `done` which of `sockets` no connection of the app has here: never had, or has no more. Each
    /// once, in no order. `done` is called as that of `permit` is.
    virtual void find_missing(const App& app, std::span<const pusher::SocketId> sockets,
                              std::function<void(std::vector<pusher::SocketId> missing)> done) = 0;

protected:
    ~Control() = default;
};

}  // namespace parley::hub
