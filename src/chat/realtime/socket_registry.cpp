#include "chat/realtime/socket_registry.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.hpp"

namespace parley::chat {

namespace {

/// More than the requests that can be under way when connections end.
constexpr std::size_t closed_sockets_max = 65'536;

/// More than the users who can lose something while a request is under way.
constexpr std::size_t last_endings_max = 65'536;

}  // namespace

std::uint64_t SocketRegistry::endings() const {
    const std::scoped_lock lock(mutex_);
    return endings_;
}

void SocketRegistry::authorise(const ChannelGrant& grant, std::uint64_t endings_before,
                               std::function<void(Outcome)> done) {
    std::optional<Outcome> outcome;
    std::vector<pusher::SocketId> asked;
    {
        const std::scoped_lock lock(mutex_);
        outcome = decide(grant, endings_before, done);
        if (outcome == Outcome::too_many) asked = unconfirmed_sockets(grant.user_id);
    }
    if (!outcome) return;
    if (asked.empty()) return done(*outcome);
    control_.find_missing(app_, asked,
                          [this, grant, endings_before, asked,
                           done = std::move(done)](const std::vector<pusher::SocketId>& missing) {
                              std::optional<Outcome> second;
                              {
                                  const std::scoped_lock lock(mutex_);
                                  confirm(asked, missing);
                                  second = decide(grant, endings_before, done);
                              }
                              if (second) done(*second);
                          });
}

/// Notes the grant if nothing is against it. Empty when `done` waits until a bar is lifted.
std::optional<SocketRegistry::Outcome> SocketRegistry::decide(const ChannelGrant& grant,
                                                              std::uint64_t endings_before,
                                                              const std::function<void(Outcome)>& done) {
    if (is_stale(grant.user_id, endings_before)) return Outcome::stale;
    // The signature is of no use to anybody.
    if (closed_.contains(grant.socket)) return Outcome::granted;
    if (!has_room(grant)) return Outcome::too_many;
    auto& socket = sockets_[grant.socket];
    hold(socket, grant);
    if (socket.barred.erase(grant.channel) == 0) return Outcome::granted;
    control_.permit(app_, grant.socket, grant.channel, [done] { done(Outcome::granted); });
    return std::nullopt;
}

bool SocketRegistry::is_stale(Id user_id, std::uint64_t endings_before) const {
    if (endings_before < forgotten_endings_) return true;
    const auto last = last_endings_.find(user_id);
    return last != last_endings_.end() && last->second > endings_before;
}

std::uint64_t SocketRegistry::count_ending(std::span<const Id> user_ids) {
    if (last_endings_.size() >= last_endings_max) {
        last_endings_.clear();
        forgotten_endings_ = endings_;
    }
    ++endings_;
    for (const auto user_id : user_ids) last_endings_[user_id] = endings_;
    return endings_;
}

void SocketRegistry::set_sockets_per_user_max(std::int64_t sockets_per_user_max) {
    const std::scoped_lock lock(mutex_);
    sockets_per_user_max_ = sockets_per_user_max;
}

bool SocketRegistry::has_room(const ChannelGrant& grant) const {
    const auto user = users_.find(grant.user_id);
    if (user == users_.end()) return !exceeds(1, sockets_per_user_max_);
    return user->second.contains(grant.socket) || !exceeds(user->second.size() + 1, sockets_per_user_max_);
}

void SocketRegistry::hold(Socket& socket, const ChannelGrant& grant) {
    const auto [found, is_new] = socket.grants.try_emplace(grant.channel);
    if (!is_new) forget_user(grant.socket, found->second.user_id);
    found->second = {.user_id = grant.user_id, .token_id = grant.token_id, .since = endings_};
    ++users_[grant.user_id][grant.socket];
}

void SocketRegistry::forget_user(pusher::SocketId socket, Id user_id) {
    const auto user = users_.find(user_id);
    const auto held = user->second.find(socket);
    if (--held->second > 0) return;
    user->second.erase(held);
    if (user->second.empty()) users_.erase(user);
}

void SocketRegistry::forget_socket(pusher::SocketId socket_id) {
    const auto socket = sockets_.find(socket_id);
    if (socket == sockets_.end()) return;
    for (const auto& [channel, held] : socket->second.grants) forget_user(socket_id, held.user_id);
    sockets_.erase(socket);
}

std::vector<pusher::SocketId> SocketRegistry::unconfirmed_sockets(Id user_id) const {
    std::vector<pusher::SocketId> unconfirmed;
    const auto user = users_.find(user_id);
    if (user == users_.end()) return unconfirmed;
    for (const auto& [socket_id, grant_count] : user->second)
        if (!sockets_.at(socket_id).confirmed) unconfirmed.push_back(socket_id);
    return unconfirmed;
}

/// Forgets the sockets that the hub misses; those left of the ones it was asked for are its own. Missing ones
/// are not noted as closed: requests could name any number of them and so push out those that closed.
void SocketRegistry::confirm(std::span<const pusher::SocketId> asked,
                             std::span<const pusher::SocketId> missing) {
    for (const auto socket_id : missing) forget_socket(socket_id);
    for (const auto socket_id : asked)
        if (const auto socket = sockets_.find(socket_id); socket != sockets_.end())
            socket->second.confirmed = true;
}

SocketRegistry::Ending SocketRegistry::begin_ending(std::span<const Id> user_ids) {
    const std::scoped_lock lock(mutex_);
    Ending ending{.number = count_ending(user_ids)};
    for (const auto user_id : user_ids) {
        const auto user = users_.find(user_id);
        if (user == users_.end()) continue;
        for (const auto& [socket_id, grant_count] : user->second) {
            for (const auto& [channel, held] : sockets_.at(socket_id).grants) {
                if (held.user_id != user_id || channel.empty()) continue;
                ending.grants.push_back(
                    {.socket = socket_id, .user_id = user_id, .token_id = held.token_id, .channel = channel});
            }
        }
    }
    return ending;
}

void SocketRegistry::end(std::uint64_t ending_number, std::vector<Taken> taken) {
    const std::scoped_lock lock(mutex_);
    std::vector<hub::SubscriptionEnd> ends;
    for (auto& [grant, reason] : taken) {
        const auto socket = sockets_.find(grant.socket);
        if (socket == sockets_.end()) continue;
        const auto held = socket->second.grants.find(grant.channel);
        if (held == socket->second.grants.end() || held->second.user_id != grant.user_id ||
            held->second.since >= ending_number)
            continue;
        forget_user(grant.socket, grant.user_id);
        socket->second.grants.erase(held);
        socket->second.barred.insert(grant.channel);
        ends.push_back(
            {.socket = grant.socket, .channel = std::move(grant.channel), .reason = std::move(reason)});
    }
    if (!ends.empty()) control_.end_subscriptions(app_, ends);
}

void SocketRegistry::end_tokens(Id user_id, std::span<const Id> token_ids) {
    const std::scoped_lock lock(mutex_);
    count_ending(std::span(&user_id, 1));
    const auto user = users_.find(user_id);
    if (user == users_.end()) return;
    std::vector<pusher::SocketId> sockets;
    for (const auto& [socket_id, grant_count] : user->second) {
        const auto& grants = sockets_.at(socket_id).grants;
        if (std::any_of(grants.begin(), grants.end(), [token_ids](const auto& entry) {
                return std::find(token_ids.begin(), token_ids.end(), entry.second.token_id) !=
                       token_ids.end();
            }))
            sockets.push_back(socket_id);
    }
    if (sockets.empty()) return;
    control_.close_connections(app_, sockets, pusher::CloseCode::unauthorised,
                               "The token of this connection was revoked.");
}

std::vector<Id> SocketRegistry::direct_partners(Id user_id) const {
    const auto id = std::to_string(user_id);
    const auto first = "private-chat." + id + '.';
    const auto second = '.' + id;
    const auto names_user = [&](std::string_view channel) {
        return channel.starts_with(first) ||
               (channel.starts_with("private-chat.") && channel.ends_with(second));
    };
    const std::scoped_lock lock(mutex_);
    std::set<Id> partners;
    for (const auto& [socket_id, socket] : sockets_)
        for (const auto& [channel, held] : socket.grants)
            if (held.user_id != user_id && names_user(channel)) partners.insert(held.user_id);
    return {partners.begin(), partners.end()};
}

std::vector<Id> SocketRegistry::connected_users() const {
    const std::scoped_lock lock(mutex_);
    std::vector<Id> users;
    users.reserve(users_.size());
    for (const auto& [user_id, sockets] : users_) users.push_back(user_id);
    return users;
}

std::size_t SocketRegistry::socket_count() const {
    const std::scoped_lock lock(mutex_);
    return sockets_.size();
}

void SocketRegistry::connection_closed(const hub::App& app, pusher::SocketId socket_id) {
    if (&app != &app_) return;
    const std::scoped_lock lock(mutex_);
    if (closed_.insert(socket_id).second) closed_in_order_.push_back(socket_id);
    if (closed_in_order_.size() > closed_sockets_max) {
        closed_.erase(closed_in_order_.front());
        closed_in_order_.pop_front();
    }
    forget_socket(socket_id);
}

}  // namespace parley::chat
