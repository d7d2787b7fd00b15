#include "chat/realtime/access_ender.hpp"

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "chat/realtime/channel_authorizer.hpp"

namespace parley::chat {

namespace {

struct UsersConcerned {
    std::vector<Id> operator()(const ParticipantsLeft& event) const { return event.user_ids; }
    std::vector<Id> operator()(const CompanyMemberLeft& event) const { return {event.user_id}; }
    std::vector<Id> operator()(const CampaignMemberLeft& event) const { return {event.user_id}; }
    template <class Other>
    std::vector<Id> operator()(const Other& /*event*/) const {
        return {};
    }
};

/// Those of `grants` that are no longer allowed, each with the reason. Every channel is looked at once per
/// user.
std::vector<SocketRegistry::Taken> find_lost(store::Transaction& transaction,
                                             const std::vector<ChannelGrant>& grants) {
    std::map<std::pair<Id, std::string>, Result<void>> answers;
    std::vector<SocketRegistry::Taken> lost;
    for (const auto& grant : grants) {
        const std::pair key(grant.user_id, grant.channel);
        auto answer = answers.find(key);
        if (answer == answers.end()) {
            auto allowed = allow_channel(transaction, grant.user_id, grant.channel);
            answer = answers.emplace(key, std::move(allowed)).first;
        }
        if (!answer->second) lost.push_back({.grant = grant, .reason = answer->second.error().message});
    }
    return lost;
}

}  // namespace

bool AccessEnder::concerns(const Event& event) {
    return std::holds_alternative<TokensRevoked>(event) || !std::visit(UsersConcerned{}, event).empty();
}

bool AccessEnder::end(const Event& event) {
    if (const auto* revoked = std::get_if<TokensRevoked>(&event)) {
        sockets_.end_tokens(revoked->user_id, revoked->token_ids);
        return true;
    }
    const auto ending = sockets_.begin_ending(std::visit(UsersConcerned{}, event));
    if (ending.grants.empty()) return true;
    auto lost = store_.read_and_wait(
        [&ending](store::Transaction& transaction) { return find_lost(transaction, ending.grants); });
    if (!lost) return false;
    sockets_.end(ending.number, std::move(*lost));
    return true;
}

}  // namespace parley::chat
