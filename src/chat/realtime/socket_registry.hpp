#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "chat/model.hpp"
#include "hub/control.hpp"
#include "hub/observer.hpp"

namespace parley::chat {

/// The right to listen to a channel that a socket got through a token. Without a channel: its sign-in.
struct ChannelGrant {
    pusher::SocketId socket = {};
    Id user_id = 0;
    Id token_id = 0;
    std::string channel = {};
};

/// Which socket of this node was authorised by whom for what, so that it can be taken back. In memory only:
/// with the process all sockets end. Thread-safe; bars and permits through the hub's Control with its own
/// lock held, so that both reach the loops in the order in which they were decided. Must outlive the runs of
/// the hub's loops, which call it.
class SocketRegistry final : public hub::Observer {
public:
    /// `sockets_per_user_max`: or `unlimited`. The others must outlive it.
    SocketRegistry(hub::Control& control, const hub::App& app, std::int64_t sockets_per_user_max)
        : control_(control), app_(app), sockets_per_user_max_(sockets_per_user_max) {}

    /// Changes it; users who have more sockets keep them.
    void set_sockets_per_user_max(std::int64_t sockets_per_user_max);

    /// A moment in the order of endings. To be taken before the database is asked whether something is
    /// allowed: an ending that comes later makes what the database said stale.
    [[nodiscard]] std::uint64_t endings() const;

    enum class Outcome : std::uint8_t {
        granted,
        stale,    // the user's access was ended somewhere meanwhile: ask the database again
        too_many  // the user has sockets_per_user_max other sockets, and the hub has all of them
    };

    /// Notes a grant that the database allowed after `endings_before` was taken. `done` is called once, when
    /// the signature for it will be accepted: at once, or on a loop's thread if the socket was barred or the
    /// hub was asked which of the user's sockets there are.
    void authorise(const ChannelGrant& grant, std::uint64_t endings_before,
                   std::function<void(Outcome)> done);

    /// What sockets of users hold, to be checked again. What they are granted from now on is not meant.
    struct Ending {
        std::uint64_t number = 0;
        std::vector<ChannelGrant> grants = {};
    };
    [[nodiscard]] Ending begin_ending(std::span<const Id> user_ids);

    /// Takes back those of the grants of `ending` that are still the same: ends the subscriptions and bars
    /// the sockets. `reasons` stand beside the grants.
    struct Taken {
        ChannelGrant grant;
        std::string reason;
    };
    void end(std::uint64_t ending_number, std::vector<Taken> taken);

    /// Closes the sockets that hold anything through one of these tokens (4009).
    void end_tokens(Id user_id, std::span<const Id> token_ids);

    /// The other users who were granted a direct channel with `user_id`. Looks at every grant: for rare
    /// events.
    [[nodiscard]] std::vector<Id> direct_partners(Id user_id) const;

    /// Users who have a socket here, in no order.
    [[nodiscard]] std::vector<Id> connected_users() const;

    [[nodiscard]] std::size_t socket_count() const;

    void member_joined(const hub::App& /*app*/, std::string_view /*channel*/,
                       const hub::PresentUser& /*user*/) override {}
    void member_left(const hub::App& /*app*/, std::string_view /*channel*/,
                     std::string_view /*user_id*/) override {}
    void signed_in(const hub::App& /*app*/, std::string_view /*user_id*/) override {}
    void signed_out(const hub::App& /*app*/, std::string_view /*user_id*/) override {}
    void connection_closed(const hub::App& app, pusher::SocketId socket) override;

private:
    struct Held {
        Id user_id = 0;
        Id token_id = 0;
        std::uint64_t since = 0;  // the number of endings when it was granted
    };
    struct Socket {
        std::unordered_map<std::string, Held> grants;  // by channel; "" is its sign-in
        std::unordered_set<std::string> barred;        // channels
        // The hub has had it, so it will tell when it closes. Before, it is an id that somebody named.
        bool confirmed = false;
    };
    using Sockets = std::unordered_map<pusher::SocketId, Socket>;

    // With the lock held.
    [[nodiscard]] std::optional<Outcome> decide(const ChannelGrant& grant, std::uint64_t endings_before,
                                                const std::function<void(Outcome)>& done);
    std::uint64_t count_ending(std::span<const Id> user_ids);
    [[nodiscard]] bool is_stale(Id user_id, std::uint64_t endings_before) const;
    [[nodiscard]] bool has_room(const ChannelGrant& grant) const;
    void hold(Socket& socket, const ChannelGrant& grant);
    void forget_user(pusher::SocketId socket, Id user_id);
    void forget_socket(pusher::SocketId socket);
    [[nodiscard]] std::vector<pusher::SocketId> unconfirmed_sockets(Id user_id) const;
    void confirm(std::span<const pusher::SocketId> asked, std::span<const pusher::SocketId> missing);

    hub::Control& control_;
    const hub::App& app_;
    mutable std::mutex mutex_;
    std::int64_t sockets_per_user_max_;
    std::uint64_t endings_ = 0;
    std::unordered_map<Id, std::uint64_t> last_endings_;  // by user
    std::uint64_t forgotten_endings_ = 0;                 // those up to here are no longer in last_endings_
    Sockets sockets_;
    std::unordered_map<Id, std::unordered_map<pusher::SocketId, std::size_t>>
        users_;  // sockets; their grants
    // Sockets that closed lately, so that a request that was under way then does not bring one back for ever.
    std::unordered_set<pusher::SocketId> closed_;
    std::deque<pusher::SocketId> closed_in_order_;
};

}  // namespace parley::chat
