#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "chat/contracts/contracts.hpp"
#include "chat/model.hpp"
#include "hub/observer.hpp"
#include "store/store.hpp"

namespace parley::chat {

/// Who is online: users with a socket that has signed in, or is in `presence-chat` or a channel whose name
/// begins with `presence-chat.` (chat spec, section 3). Kept in memory alone, so that a crash leaves nobody
/// online. When somebody goes, writes their `last_seen_at`. Thread-safe.
class OnlineUsers final : public hub::Observer {
public:
    /// `announce` is told who joined and left the channels of the contract `platform`, in the order of each
    /// channel; it must be quick and must not call into the hub. The others must outlive it.
    OnlineUsers(store::Store& store, const Clock& clock, const hub::App& app,
                std::function<void(PresenceChange)> announce);

    /// Waits for a write that is under way. After the loops' runs.
    ~OnlineUsers();
    OnlineUsers(const OnlineUsers&) = delete;
    OnlineUsers& operator=(const OnlineUsers&) = delete;

    [[nodiscard]] bool is_online(Id user_id) const;

    /// Ascending.
    [[nodiscard]] std::vector<Id> online_users() const;

    /// Writes when everybody who is online was seen last: now. For the end of the process; waits.
    void write_all_last_seen();

    void member_joined(const hub::App& app, std::string_view channel, const hub::PresentUser& user) override;
    void member_left(const hub::App& app, std::string_view channel, std::string_view user_id) override;
    void signed_in(const hub::App& app, std::string_view user_id) override;
    void signed_out(const hub::App& app, std::string_view user_id) override;
    void connection_closed(const hub::App& /*app*/, pusher::SocketId /*socket*/) override {}

private:
    struct User {
        std::string name;
        std::size_t reason_count = 0;  // to be online: channels, and the sign-in
    };

    // With the lock held.
    [[nodiscard]] bool take_reason(Id user_id);

    void write_last_seen();
    void write_batch(std::shared_ptr<std::unordered_map<Id, Moment>> batch);

    store::Store& store_;
    const Clock& clock_;
    const hub::App& app_;
    const std::function<void(PresenceChange)> announce_;

    mutable std::mutex mutex_;
    std::unordered_map<Id, User> users_;
    std::unordered_map<std::string, std::int64_t> member_counts_;  // by channel
    std::unordered_map<Id, Moment> last_seen_;                     // not written yet
    bool writing_ = false;
    std::condition_variable written_;
};

}  // namespace parley::chat
