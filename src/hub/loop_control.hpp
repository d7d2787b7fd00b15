#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hub/control.hpp"
#include "hub/loop_channels.hpp"
#include "hub/session_list.hpp"
#include "net/loop.hpp"

namespace parley::hub {

/// Sockets that all loops of a node are asked for, each when it comes to it.
class SocketSearch {
public:
    explicit SocketSearch(std::span<const pusher::SocketId> sockets);

    /// Notes that a loop has `socket`, whether it is one of those or not. On the loop that has it.
    void find(pusher::SocketId socket);

    /// Those that no loop has. When all have been asked.
    [[nodiscard]] std::vector<pusher::SocketId> missing() const;

private:
    std::vector<pusher::SocketId> sockets_;  // sorted, each once
    std::vector<std::uint8_t> found_;  // beside them; a socket is on one loop, which alone writes its byte
};

/// What `Control` asks for, done for the sessions of one loop. Belongs to that loop; may be called while mail
/// is being received.
class LoopControl final : private net::TurnTask {
public:
    /// All must outlive it.
    LoopControl(net::Loop& loop, LoopChannels& channels, const SessionList& sessions)
        : loop_(loop), channels_(channels), sessions_(sessions) {}
    ~LoopControl();
    LoopControl(const LoopControl&) = delete;
    LoopControl& operator=(const LoopControl&) = delete;

    /// See `Control`. `ends` are sorted by packed socket id.
    void end_subscriptions(const App& app, std::span<const SubscriptionEnd> ends);
    void permit(pusher::SocketId socket, std::string_view channel);

    /// See `Control`. `sockets` are packed and sorted.
    void close_connections(const App& app, std::span<const std::uint64_t> sockets, pusher::CloseCode code,
                           std::string_view sentence);

    /// See `Control`. Within this turn.
    void close_user(const App& app, std::string_view user_id, pusher::CloseCode code,
                    std::string_view sentence);

    /// Closes every connection of the app.
    void close_app(const App& app, pusher::CloseCode code, std::string_view sentence) const;

    /// See `Control::find_missing`.
    void find_sockets(const App& app, SocketSearch& search) const;

    /// Why a socket may not subscribe to a channel, or null if it may. Borrowed for the moment.
    [[nodiscard]] const std::string* reason_barred(pusher::SocketId socket, std::string_view channel) const;

    /// Ends a subscription, if there is one: it hears nothing from here on, and is gone within this turn.
    void end_subscription(Session& session, std::string_view channel, std::string_view reason);

    /// Forgets what is known of a connection that has ended.
    void forget(pusher::SocketId socket) { barred_.erase(socket); }

private:
    struct Ending {
        Session* session;
        std::string channel;
    };
    struct UserClosing {
        const App& app;
        std::string user_id;
        pusher::CloseCode code;
        std::string sentence;
    };

    void act_at_turn_end();
    void run_in_turn() override;
    void close_now(const UserClosing& closing) const;

    net::Loop& loop_;
    LoopChannels& channels_;
    const SessionList& sessions_;
    // By socket, then channel: the reason. Here and not in the session, since hardly any has one. The
    // application that bars decides how many there are.
    std::unordered_map<pusher::SocketId, std::map<std::string, std::string, std::less<>>> barred_;
    std::vector<Ending> ending_;
    std::vector<UserClosing> closing_users_;
};

}  // namespace parley::hub
