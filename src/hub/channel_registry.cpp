#include "hub/channel_registry.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "hub/session.hpp"

namespace parley::hub {

namespace {

ChannelCounts counts_of(const Channel& channel) {
    return {.subscription_count = channel.subscription_count,
            .user_count = channel.members ? channel.members->size() : 0};
}

// Up to here every change is told at once, beyond it at most one in this time (channels protocol,
// "Subscription count").
constexpr std::uint64_t prompt_count_max = 100;
constexpr std::uint64_t count_interval_ms = 5'000;

/// Whether the subscribers of a channel are told how many they are. Not on encrypted channels, where the Java
/// client would try to decrypt it; members of presence channels know each other, and clients know nothing of
/// the channel of their user.
bool tells_count(const Channel& channel) {
    return channel.app.settings().subscription_count && !is_presence(channel.kind) &&
           !is_encrypted(channel.kind) && !pusher::user_of_server_to_user_channel(channel.name);
}

template <class Channels>
auto* find_in(Channels& channels, const ChannelKey& key) {
    const auto found = channels.find(key);
    return found == channels.end() ? nullptr : found->second.get();
}

}  // namespace

tl::expected<ChannelRegistry::Welcome, ChannelRegistry::JoinError> ChannelRegistry::join(
    const JoinRequest& request) {
    const App& app = request.local.app;
    auto& shard = shard_of(request.local.key());
    const std::lock_guard lock(shard.mutex);
    Channel& channel = find_or_create(shard, app, request.local.name);
    if (channel.subscription_count == 0) announce_occupied(channel);

    const PresenceMember* member = nullptr;
    if (request.presence != nullptr) {
        const auto join = channel.members->join(request.presence->user_id, request.presence->user_info,
                                                presence_members_max(app.settings(), channel.name).users);
        if (join.result == Joined::channel_full) return tl::unexpected(JoinError::channel_full);
        member = join.member;
        // The joiner's loop does not count the joiner yet, so that only the others hear of it.
        announce_member(channel, *member, join.result);
    }

    ++channel.subscription_count;
    channel.local[request.loop] = &request.local;
    mailboxes_[request.loop]->push({.kind = Mail::Kind::joined,
                                    .channel = &request.local,
                                    .session = &request.session,
                                    .member = member});
    if (channel.subscription_count == 1) announce_user(shard, channel, UserState::online);

    Welcome welcome;
    if (channel.members) welcome.members = channel.members->snapshot();
    if (pusher::is_cache(channel.kind)) {
        if (const auto* const event = shard.caches.find(channel.key(), clock_.steady_ms())) {
            welcome.cached = event->message;
        } else {
            for (auto* const observer : observers_) observer->cache_missed(app, channel.name);
        }
    }
    if (tells_count(channel)) {
        welcome.subscription_count = channel.subscription_count;
        welcome.count_due_ms = report_count(channel, request.session.socket_id().packed());
    }
    return welcome;
}

ChannelRegistry::Due ChannelRegistry::leave(const LeaveRequest& request) {
    LocalChannel& local = *request.subscription.channel;
    auto& shard = shard_of(local.key());
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.channels.find(local.key());
    PARLEY_CHECK(found != shard.channels.end(), "a session leaves a channel that nobody is on");
    Channel& channel = *found->second;

    --channel.subscription_count;
    if (local.subscribers.size() == 1) channel.local[request.loop] = nullptr;
    mailboxes_[request.loop]->push(
        {.kind = Mail::Kind::left, .channel = &local, .session = &request.session});

    Due due;
    if (request.subscription.member != nullptr) due = leave_members(channel, *request.subscription.member);

    if (channel.subscription_count == 0) {
        if (tells_departures_.load(std::memory_order_relaxed)) {
            announce_user(shard, channel, UserState::offline);
            announce_vacated(channel);
        }
        shard.channels.erase(found);
        return {};
    }
    if (tells_count(channel)) due.count_ms = report_count(channel, 0);
    return due;
}

/// Takes away a connection of a member, and tells of it or says when to do that.
ChannelRegistry::Due ChannelRegistry::leave_members(Channel& channel, const PresenceMember& member) const {
    const auto& settings = channel.app.settings();
    const auto delay_ms = static_cast<std::uint64_t>(settings.limits.member_removed_delay);
    const bool is_deferred = settings.delay_member_removed_messages && delay_ms > 0;
    Due due;
    if (is_deferred) due.departure_ms = clock_.steady_ms() + delay_ms;
    due.departed_user_id = member.user_id;
    const auto left = channel.members->leave(member, due.departure_ms.value_or(0));
    if (left == Left::others_remain || !tells_departures_.load(std::memory_order_relaxed)) return {};
    for (auto* const observer : observers_)
        observer->member_left(channel.app, channel.name, due.departed_user_id);
    if (is_deferred) return due;
    tell_departure(channel, due.departed_user_id);
    return {};
}

void ChannelRegistry::finish_departure(const App& app, std::string_view channel, std::string_view user_id) {
    const ChannelKey key{app.index, channel};
    auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    auto* const found = find_in(shard.channels, key);
    if (found != nullptr && found->members && found->members->finish_departure(user_id, clock_.steady_ms()))
        tell_departure(*found, user_id);
}

/// Tells all subscribers but `except` how many they are; if it is too early for that, returns when that is to
/// be done, unless a loop knows already.
std::optional<std::uint64_t> ChannelRegistry::report_count(Channel& channel, std::uint64_t except) const {
    if (channel.subscription_count > prompt_count_max) {
        if (!channel.count_report) channel.count_report = std::make_unique<CountReport>();
        auto& report = *channel.count_report;
        if (clock_.steady_ms() < report.next_at_ms) {
            if (std::exchange(report.deferred, true)) return std::nullopt;
            return report.next_at_ms;
        }
    }
    tell_count(channel, except);
    return std::nullopt;
}

void ChannelRegistry::report_deferred_count(const App& app, std::string_view channel) {
    const ChannelKey key{app.index, channel};
    auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    auto* const found = find_in(shard.channels, key);
    if (found == nullptr || !found->count_report) return;
    // It may have been told since it was deferred, and perhaps been deferred anew.
    const auto& report = *found->count_report;
    if (report.deferred && clock_.steady_ms() >= report.next_at_ms) tell_count(*found, 0);
}

void ChannelRegistry::tell_count(Channel& channel, std::uint64_t except) const {
    if (channel.count_report)
        *channel.count_report = {.next_at_ms = clock_.steady_ms() + count_interval_ms, .deferred = false};
    const auto message = pusher::subscription_count_message(channel.name, channel.subscription_count);
    deliver_to_loops(channel, encoding().prepare(message), except);
    for (auto* const observer : observers_)
        observer->subscription_count_told(channel.app, channel.name, channel.subscription_count);
}

UserState ChannelRegistry::watch_user(std::size_t loop, const App& app, std::string_view user_id,
                                      UserWatcher& watcher) {
    const auto channel = pusher::server_to_user_channel(user_id);
    const ChannelKey key{app.index, channel};
    auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    shard.watchers.add(key, loop, watcher);
    return shard.channels.contains(key) ? UserState::online : UserState::offline;
}

void ChannelRegistry::unwatch_user(std::size_t loop, const App& app, std::string_view user_id) {
    const auto channel = pusher::server_to_user_channel(user_id);
    const ChannelKey key{app.index, channel};
    auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    shard.watchers.remove(key, loop);
}

bool ChannelRegistry::occupied(const App& app, std::string_view channel) const {
    const ChannelKey key{app.index, channel};
    const auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    return shard.channels.contains(key);
}

void ChannelRegistry::deliver(const App& app, std::string_view channel,
                              const websocket::PreparedMessage& message, std::uint64_t except,
                              Remembered remembered, std::uint64_t published_us) {
    const ChannelKey key{app.index, channel};
    auto& shard = shard_of(key);
    {
        // Under one lock, so that a newcomer gets the event either in its welcome or here.
        const std::lock_guard lock(shard.mutex);
        if (const auto* found = find_in(shard.channels, key))
            deliver_to_loops(*found, message, except, published_us);
        if (remembered == Remembered::yes) remember(shard, app, channel, message);
    }
    if (remembered == Remembered::yes) trim_cache(app);
}

void ChannelRegistry::deliver_client_event(const App& app, const ObservedClientEvent& event,
                                           const websocket::PreparedMessage& message,
                                           std::uint64_t published_us) {
    const ChannelKey key{app.index, event.channel};
    auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (const auto* found = find_in(shard.channels, key))
        deliver_to_loops(*found, message, event.socket.packed(), published_us);
    for (auto* const observer : observers_) observer->client_event(app, event);
}

std::optional<ChannelRegistry::CachedMessage> ChannelRegistry::cached(const App& app,
                                                                      std::string_view channel) const {
    const ChannelKey key{app.index, channel};
    const auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto now_ms = clock_.steady_ms();
    const auto* const event = shard.caches.find(key, now_ms);
    if (event == nullptr) return std::nullopt;
    return CachedMessage{event->message, event->expires_at_ms - now_ms};
}

void ChannelRegistry::remember(Shard& shard, const App& app, std::string_view channel,
                               const websocket::PreparedMessage& message) {
    constexpr std::uint64_t ms_per_s = 1'000;
    const auto now_ms = clock_.steady_ms();
    shard.caches.remember(
        {app.index, channel},
        {.message = message,
         .order = cached_order_.fetch_add(1, std::memory_order_relaxed),
         .expires_at_ms = now_ms + static_cast<std::uint64_t>(app.limits().cache_ttl) * ms_per_s},
        now_ms, cached_bytes_);
}

void ChannelRegistry::forget_cached(const App& app) {
    for (auto& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        shard.caches.forget_all(app.index, cached_bytes_);
    }
}

/// Forgets the app's oldest of all shards until its limit is kept.
void ChannelRegistry::trim_cache(const App& app) {
    const auto& bytes = cached_bytes_[app.index];
    const auto bytes_max = app.limits().max_cached_bytes;
    if (!exceeds(bytes.load(std::memory_order_relaxed), bytes_max)) return;
    const std::lock_guard one_at_a_time(trimming_);
    while (exceeds(bytes.load(std::memory_order_relaxed), bytes_max)) {
        auto* const shard = shard_of_oldest_cached(app);
        if (shard == nullptr) return;
        const std::lock_guard lock(shard->mutex);
        shard->caches.forget_oldest(app.index, cached_bytes_);  // or one that is the oldest now
    }
}

/// Which shard has the event that the app has remembered the longest; null when it remembers none. The shards
/// are locked one after the other, which only a cache that is full costs anything.
ChannelRegistry::Shard* ChannelRegistry::shard_of_oldest_cached(const App& app) {
    Shard* found = nullptr;
    auto oldest = UINT64_MAX;
    for (auto& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        const auto order = shard.caches.oldest(app.index);
        if (!order || *order >= oldest) continue;
        oldest = *order;
        found = &shard;
    }
    return found;
}

ChannelCounts ChannelRegistry::counts(const App& app, std::string_view channel) const {
    const ChannelKey key{app.index, channel};
    const auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto* found = find_in(shard.channels, key);
    return found == nullptr ? ChannelCounts{} : counts_of(*found);
}

std::vector<OccupiedChannel> ChannelRegistry::channels(const App& app, std::string_view prefix) const {
    std::vector<OccupiedChannel> occupied;
    for (const auto& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        for (const auto& [key, channel] : shard.channels)
            if (key.app_index == app.index && key.name.starts_with(prefix) &&
                !pusher::user_of_server_to_user_channel(key.name))
                occupied.push_back({channel->name, counts_of(*channel)});
    }
    std::sort(occupied.begin(), occupied.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return occupied;
}

std::vector<PresentUser> ChannelRegistry::users(const App& app, std::string_view channel) const {
    std::vector<PresentUser> users;
    for (const auto& member : members(app, channel)) users.push_back({member->user_id, member->user_info});
    return users;
}

PresenceSnapshot ChannelRegistry::members(const App& app, std::string_view channel) const {
    const ChannelKey key{app.index, channel};
    const auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto* found = find_in(shard.channels, key);
    return found == nullptr || !found->members ? PresenceSnapshot{} : found->members->snapshot();
}

void ChannelRegistry::announce_occupied(const Channel& channel) const {
    if (pusher::user_of_server_to_user_channel(channel.name)) return;
    for (auto* const observer : observers_) observer->channel_occupied(channel.app, channel.name);
}

void ChannelRegistry::announce_vacated(const Channel& channel) const {
    if (pusher::user_of_server_to_user_channel(channel.name)) return;
    for (auto* const observer : observers_) observer->channel_vacated(channel.app, channel.name);
}

/// Tells the others of a member who has come; one who has returned was never away for them.
void ChannelRegistry::announce_member(const Channel& channel, const PresenceMember& member,
                                      Joined joined) const {
    if (joined == Joined::further_connection) return;
    if (joined == Joined::first_connection && channel.subscription_count > 0)
        deliver_to_loops(channel,
                         encoding().prepare(
                             pusher::member_added_message(channel.name, {member.user_id, member.user_info})),
                         0);
    for (auto* const observer : observers_)
        observer->member_joined(channel.app, channel.name, {member.user_id, member.user_info});
}

void ChannelRegistry::tell_departure(const Channel& channel, std::string_view user_id) const {
    if (channel.subscription_count > 0)
        deliver_to_loops(channel, encoding().prepare(pusher::member_removed_message(channel.name, user_id)),
                         0);
}

/// When the first or last connection of a user's channel comes or goes; nothing for any other channel.
void ChannelRegistry::announce_user(const Shard& shard, const Channel& channel, UserState state) const {
    const auto user_id = pusher::user_of_server_to_user_channel(channel.name);
    if (!user_id) return;
    for (auto* const observer : observers_) {
        if (state == UserState::online) {
            observer->signed_in(channel.app, *user_id);
        } else {
            observer->signed_out(channel.app, *user_id);
        }
    }
    const auto* const watchers = shard.watchers.find(channel.key());
    if (watchers == nullptr) return;
    for (std::size_t loop = 0; loop < watchers->size(); ++loop) {
        auto* const watcher = (*watchers)[loop];
        if (watcher == nullptr) continue;
        mailboxes_[loop]->push({.kind = Mail::Kind::run,
                                .function = std::make_shared<const std::function<void()>>(
                                    [watcher, &app = channel.app, id = std::string(*user_id), state] {
                                        watcher->user_changed(app, id, state);
                                    })});
    }
}

ChannelRegistry::Shard& ChannelRegistry::shard_of(const ChannelKey& key) {
    return shards_[ChannelKeyHash{}(key) % shard_count];
}

const ChannelRegistry::Shard& ChannelRegistry::shard_of(const ChannelKey& key) const {
    return shards_[ChannelKeyHash{}(key) % shard_count];
}

Channel& ChannelRegistry::find_or_create(Shard& shard, const App& app, std::string_view name) const {
    if (auto* found = find_in(shard.channels, {app.index, name})) return *found;
    const auto kind = pusher::classify(name);
    auto channel = std::make_unique<Channel>(app, std::string(name), kind);
    if (pusher::is_presence(kind)) channel->members = std::make_unique<PresenceMembers>();
    channel->local.resize(mailboxes_.size());
    auto& created = *channel;
    shard.channels.emplace(created.key(), std::move(channel));
    return created;
}

void ChannelRegistry::deliver_to_loops(const Channel& channel, const websocket::PreparedMessage& message,
                                       std::uint64_t except, std::uint64_t published_us) const {
    for (std::size_t loop = 0; loop < channel.local.size(); ++loop) {
        if (channel.local[loop] == nullptr) continue;
        mailboxes_[loop]->push({.kind = Mail::Kind::deliver,
                                .channel = channel.local[loop],
                                .message = message,
                                .except = except,
                                .published_us = published_us},
                               message.payload_bytes());
    }
}

}  // namespace parley::hub
