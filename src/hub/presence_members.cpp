#include "hub/presence_members.hpp"

#include "base/check.hpp"
#include "base/limits.hpp"

namespace parley::hub {

PresenceMembers::Join PresenceMembers::join(std::string_view user_id, std::string_view user_info,
                                            std::int64_t member_max) {
    if (const auto present = by_id_.find(user_id); present != by_id_.end()) {
        auto& member = **present->second;
        const bool was_away = member.connection_count++ == 0;
        return {was_away ? Joined::returned : Joined::further_connection, &member};
    }
    if (exceeds(members_.size() + 1, member_max)) return {Joined::channel_full, nullptr};
    members_.push_back(
        std::make_shared<PresenceMember>(PresenceMember{std::string(user_id), std::string(user_info)}));
    const auto& member = *members_.back();
    by_id_.emplace(member.user_id, std::prev(members_.end()));
    return {Joined::first_connection, &member};
}

Left PresenceMembers::leave(const PresenceMember& member, std::uint64_t departs_at_ms) {
    const auto present = by_id_.find(member.user_id);
    PARLEY_CHECK(present != by_id_.end(), "a user leaves a channel that it is not on");
    const auto position = present->second;
    if (--(*position)->connection_count > 0) return Left::others_remain;
    (*position)->departs_at_ms = departs_at_ms;
    if (departs_at_ms == 0) remove(present);
    return Left::last_connection;
}

bool PresenceMembers::finish_departure(std::string_view user_id, std::uint64_t now_ms) {
    const auto present = by_id_.find(user_id);
    if (present == by_id_.end()) return false;
    const auto& member = **present->second;
    if (member.connection_count > 0 || member.departs_at_ms > now_ms) return false;
    remove(present);
    return true;
}

void PresenceMembers::remove(Index::iterator member) {
    const auto position = member->second;
    by_id_.erase(member);
    members_.erase(position);
}

PresenceSnapshot PresenceMembers::snapshot() const { return {members_.begin(), members_.end()}; }

std::vector<pusher::MemberView> views_of(const PresenceSnapshot& members) {
    std::vector<pusher::MemberView> views;
    views.reserve(members.size());
    for (const auto& member : members) views.push_back({member->user_id, member->user_info});
    return views;
}

}  // namespace parley::hub
