#pragma once

#include <cstdint>
#include <map>
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
    explicit AuthorisationDeadlines(net::Loop& loop) : loop_(loop) {}
    ~AuthorisationDeadlines() override;
    AuthorisationDeadlines(const AuthorisationDeadlines&) = delete;
    AuthorisationDeadlines& operator=(const AuthorisationDeadlines&) = delete;

    void set(Session& session, std::uint64_t timeout_ms);

    /// It is authorised, or has ended.
    void lift(pusher::SocketId socket) { sessions_.erase(socket); }

private:
    void on_timer() override;

    net::Loop& loop_;
    std::unordered_map<pusher::SocketId, Session*> sessions_;   // not authorised yet
    std::multimap<std::uint64_t, pusher::SocketId> deadlines_;  // by the time when due, lifted ones included
};

}  // namespace parley::hub
