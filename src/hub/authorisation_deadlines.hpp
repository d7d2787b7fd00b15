#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>

#include "net/loop.hpp"
#include "net/timer_wheel.hpp"
#include "pusher/socket_id.hpp"

namespace parley::hub {

class Session;

/// The connections of one loop that have to be authorised and are not yet (channels protocol, "Authorized
/// connections"). Each is closed with 4009 when its time is over. Belongs to its loop. Here and not in the
/// session, since most apps demand nothing.
class AuthorisationDeadlines final : private net::Timer {
public:
    /// `loop` must outlive it.
    AuthorisationDeadlines(net::Loop& loop, std::uint64_t timeout_ms)
        : loop_(loop), timeout_ms_(timeout_ms) {}
    ~AuthorisationDeadlines() override;
    AuthorisationDeadlines(const AuthorisationDeadlines&) = delete;
    AuthorisationDeadlines& operator=(const AuthorisationDeadlines&) = delete;

    void set(Session& session);

    /// It is authorised, or has ended.
    void lift(pusher::SocketId socket) { sessions_.erase(socket); }

private:
    struct Deadline {
        std::uint64_t due_ms;
        pusher::SocketId socket;
    };

    void on_timer() override;

    net::Loop& loop_;
    const std::uint64_t timeout_ms_;
    std::unordered_map<pusher::SocketId, Session*> sessions_;  // not authorised yet
    std::deque<Deadline> deadlines_;  // in the order in which they are due, lifted ones included
};

}  // namespace parley::hub
