#include "hub/presence_members.hpp"

#include "base/check.hpp"
#include "base/limits.hpp"

namespace parley::hub {

PresenceMembers::Join PresenceMembers::join(std::string_view user_id, std::string_view user_info,
                                            std::int64_t member_max) {
    if (const auto present = by_id_.find(user_id); present != by_id_.end()) {
        ++present->second->connection_count;
        return {Joined::further_connection, &*present->second};
    }
    if (exceeds(members_.size() + 1, member_max)) return {Joined::channel_full, nullptr};
    members_.push_back({std::string(user_id), std::string(user_info)});
    by_id_.emplace(members_.back().user_id, std::prev(members_.end()));
    return {Joined::first_connection, &members_.back()};
}

Left PresenceMembers::leave(const PresenceMember& member) {
    const auto present = by_id_.find(member.user_id);
    PARLEY_CHECK(present != by_id_.end(), "a user leaves a channel that it is not on");
    const auto position = present->second;
    if (--position->connection_count > 0) return Left::others_remain;
    by_id_.erase(present);
    members_.erase(position);
    return Left::last_connection;
}

std::vector<pusher::MemberView> PresenceMembers::list() const {
    std::vector<pusher::MemberView> views;
    views.reserve(members_.size());
    for (const auto& member : members_) views.push_back({member.user_id, member.user_info});
    return views;
}

}  // namespace parley::hub
