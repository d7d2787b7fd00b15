#include "hub/channel_registry.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace parley::hub {

namespace {

ChannelCounts counts_of(const Channel& channel) {
    return {.subscription_count = channel.subscription_count,
            .user_count = channel.members ? channel.members->size() : 0};
}

template <class Channels>
auto* find_in(Channels& channels, const ChannelKey& key) {
    const auto found = channels.find(key);
    return found == channels.end() ? nullptr : found->second.get();
}

}  // namespace

tl::expected<PresenceSnapshot, ChannelRegistry::JoinError> ChannelRegistry::join(const JoinRequest& request) {
    const App& app = request.local.app;
    auto& shard = shard_of(request.local.key());
    const std::lock_guard lock(shard.mutex);
    Channel& channel = find_or_create(shard, app, request.local.name);

    const PresenceMember* member = nullptr;
    if (request.presence != nullptr) {
        const auto join = channel.members->join(request.presence->user_id, request.presence->user_info,
                                                presence_members_max(app, channel.name).users);
        if (join.result == Joined::channel_full) return tl::unexpected(JoinError::channel_full);
        member = join.member;
        // The joiner's loop does not count the joiner yet, so that only the others hear of it.
        if (join.result == Joined::first_connection) announce_member(channel, *member);
    }

    ++channel.subscription_count;
    channel.local[request.loop] = &request.local;
    mailboxes_[request.loop]->push({.kind = Mail::Kind::joined,
                                    .channel = &request.local,
                                    .session = &request.session,
                                    .member = member});
    if (channel.subscription_count == 1) announce_user(shard, channel, UserState::online);
    return channel.members ? channel.members->snapshot() : PresenceSnapshot{};
}

void ChannelRegistry::leave(const LeaveRequest& request) {
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

    if (request.subscription.member != nullptr) {
        const std::string user_id = request.subscription.member->user_id;
        const auto left = channel.members->leave(*request.subscription.member);
        if (left == Left::last_connection) announce_departure(channel, user_id);
    }

    if (channel.subscription_count > 0) return;
    announce_user(shard, channel, UserState::offline);
    shard.channels.erase(found);
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
                              const websocket::PreparedMessage& message, std::uint64_t except) {
    const ChannelKey key{app.index, channel};
    auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (const auto* found = find_in(shard.channels, key)) deliver_to_loops(*found, message, except);
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

void ChannelRegistry::announce_member(const Channel& channel, const PresenceMember& member) const {
    if (channel.subscription_count > 0)
        deliver_to_loops(
            channel,
            encoding_.prepare(pusher::member_added_message(channel.name, {member.user_id, member.user_info})),
            0);
    for (auto* const observer : observers_)
        observer->member_joined(channel.app, channel.name, {member.user_id, member.user_info});
}

void ChannelRegistry::announce_departure(const Channel& channel, const std::string& user_id) const {
    if (channel.subscription_count > 0)
        deliver_to_loops(channel, encoding_.prepare(pusher::member_removed_message(channel.name, user_id)),
                         0);
    for (auto* const observer : observers_) observer->member_left(channel.app, channel.name, user_id);
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
                                       std::uint64_t except) const {
    for (std::size_t loop = 0; loop < channel.local.size(); ++loop) {
        if (channel.local[loop] == nullptr) continue;
        mailboxes_[loop]->push({.kind = Mail::Kind::deliver,
                                .channel = channel.local[loop],
                                .message = message,
                                .except = except},
                               message.payload_bytes());
    }
}

}  // namespace parley::hub
