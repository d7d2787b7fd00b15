#include "chat/realtime/online_users.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "chat/contracts/channel_names.hpp"
#include "chat/message_pages.hpp"
#include "json/parser.hpp"

namespace parley::chat {

namespace {

const store::Statement update_last_seen(
    "UPDATE users SET last_seen_at = $2 WHERE id IN LIST($1) AND (last_seen_at IS NULL OR last_seen_at < "
    "$2)");

constexpr std::size_t info_depth_max = 8;
constexpr std::string_view channel_prefix = "presence-chat.";

bool is_chat_presence(std::string_view channel) {
    return channel == presence_chat_channel || channel.starts_with(channel_prefix);
}

/// `presence-chat` and `presence-chat.{companyId}`, not the conversations' own ones.
bool is_platform_presence(std::string_view channel) {
    if (channel == presence_chat_channel) return true;
    return channel.starts_with(channel_prefix) &&
           parse_decimal(channel.substr(channel_prefix.size())).has_value();
}

/// Ids of users by the moment, in whole seconds, when they were seen last: few statements for many users.
using LastSeen = std::map<Moment, std::vector<Id>>;

void write_moments(store::Transaction& transaction, const LastSeen& last_seen) {
    for (const auto& [moment, ids] : last_seen) transaction.execute(update_last_seen, {id_list(ids), moment});
}

LastSeen by_second(const std::unordered_map<Id, Moment>& moments) {
    LastSeen grouped;
    for (const auto& [user_id, moment] : moments) grouped[moment / 1'000 * 1'000].push_back(user_id);
    return grouped;
}

/// The name in the `user_info` that the authorisation gave.
std::string name_in(std::string_view info) {
    json::Parser parser(info_depth_max);
    const auto value = parser.parse(info);
    if (!value) return "";
    const auto members = parser.members(*value);
    const auto* name = json::find(members, "name");
    return name == nullptr ? "" : std::string(name->as_string().value_or(""));
}

}  // namespace

OnlineUsers::OnlineUsers(store::Store& store, const Clock& clock, const hub::App& app,
                         std::function<void(PresenceChange)> announce)
    : store_(store), clock_(clock), app_(app), announce_(std::move(announce)) {}

bool OnlineUsers::is_online(Id user_id) const {
    const std::scoped_lock lock(mutex_);
    return users_.contains(user_id);
}

std::vector<Id> OnlineUsers::online_users() const {
    std::vector<Id> ids;
    {
        const std::scoped_lock lock(mutex_);
        ids.reserve(users_.size());
        for (const auto& [user_id, user] : users_) ids.push_back(user_id);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

void OnlineUsers::member_joined(const hub::App& app, std::string_view channel, const hub::PresentUser& user) {
    // Somebody who has the app's secret may have signed any other user id: none of ours.
    const auto user_id = parse_integer(user.id);
    if (&app != &app_ || !is_chat_presence(channel) || !user_id) return;
    PresenceChange change{.channel = std::string(channel),
                          .user_id = *user_id,
                          .user_name = name_in(user.info),
                          .joined = true};
    {
        const std::scoped_lock lock(mutex_);
        auto& known = users_[*user_id];
        ++known.reason_count;
        known.name = change.user_name;
        change.online_count = ++member_counts_[change.channel];
    }
    if (is_platform_presence(channel)) announce_(std::move(change));
}

void OnlineUsers::member_left(const hub::App& app, std::string_view channel, std::string_view user_id) {
    const auto id = parse_integer(user_id);
    if (&app != &app_ || !is_chat_presence(channel) || !id) return;
    PresenceChange change{.channel = std::string(channel), .user_id = *id};
    bool gone = false;
    {
        const std::scoped_lock lock(mutex_);
        const auto user = users_.find(*id);
        const auto count = member_counts_.find(change.channel);
        if (user == users_.end() || count == member_counts_.end()) return;
        change.user_name = user->second.name;
        change.online_count = --count->second;
        if (count->second == 0) member_counts_.erase(count);
        gone = take_reason(*id);
    }
    if (is_platform_presence(channel)) announce_(std::move(change));
    if (gone) write_last_seen();
}

void OnlineUsers::signed_in(const hub::App& app, std::string_view user_id) {
    const auto id = parse_integer(user_id);
    if (&app != &app_ || !id) return;
    const std::scoped_lock lock(mutex_);
    ++users_[*id].reason_count;
}

void OnlineUsers::signed_out(const hub::App& app, std::string_view user_id) {
    const auto id = parse_integer(user_id);
    if (&app != &app_ || !id) return;
    bool gone = false;
    {
        const std::scoped_lock lock(mutex_);
        gone = take_reason(*id);
    }
    if (gone) write_last_seen();
}

/// Takes away one reason why a user is online; true when it was the last.
bool OnlineUsers::take_reason(Id user_id) {
    const auto user = users_.find(user_id);
    if (user == users_.end() || --user->second.reason_count > 0) return false;
    users_.erase(user);
    last_seen_[user_id] = clock_.unix_ms();
    return true;
}

OnlineUsers::~OnlineUsers() {
    std::unique_lock lock(mutex_);
    written_.wait(lock, [this] { return !writing_; });
}

/// One write at a time: when many go at once, those that go meanwhile share the next.
void OnlineUsers::write_last_seen() {
    auto batch = std::make_shared<std::unordered_map<Id, Moment>>();
    {
        const std::scoped_lock lock(mutex_);
        if (writing_ || last_seen_.empty()) return;
        writing_ = true;
        batch->swap(last_seen_);
    }
    write_batch(std::move(batch));
}

void OnlineUsers::write_batch(std::shared_ptr<std::unordered_map<Id, Moment>> batch) {
    store_.write(
        [batch](store::Transaction& transaction) {
            write_moments(transaction, by_second(*batch));
            return store::Nothing{};
        },
        [this, batch](const tl::expected<store::Nothing, store::Error>& outcome) {
            auto next = std::make_shared<std::unordered_map<Id, Moment>>();
            {
                const std::scoped_lock lock(mutex_);
                if (outcome) {
                    next->swap(last_seen_);
                } else {
                    last_seen_.merge(*batch);  // what could not be written waits for the next to go
                }
                if (next->empty()) {
                    // With the lock held: whoever waits may end this object as soon as it is free.
                    writing_ = false;
                    written_.notify_all();
                    return;
                }
            }
            write_batch(std::move(next));
        });
}

void OnlineUsers::write_all_last_seen() {
    std::unordered_map<Id, Moment> moments;
    {
        const std::scoped_lock lock(mutex_);
        moments.swap(last_seen_);
        for (const auto& [user_id, user] : users_) moments[user_id] = clock_.unix_ms();
    }
    if (moments.empty()) return;
    const auto written =
        store_.write_and_wait([grouped = by_second(moments)](store::Transaction& transaction) {
            write_moments(transaction, grouped);
            return store::Nothing{};
        });
    if (!written) log::warning("last_seen_not_written", {{"users", moments.size()}});
}

}  // namespace parley::chat
