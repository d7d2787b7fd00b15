#include "chat/realtime/access_ender.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "chat/contracts/channel_names.hpp"
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

/// The channels that an event may have taken from users; none for all that they have. Somebody who leaves a
/// company leaves much at once, each with an event of its own: none of them may look at everything.
struct ChannelsConcerned {
    std::vector<std::string> operator()(const ParticipantsLeft& event) const {
        return with_presence(conversation_channel(event.audience));
    }
    std::vector<std::string> operator()(const CampaignMemberLeft& event) const {
        return with_presence(campaign_channel(event.campaign_id));
    }
    template <class Other>
    std::vector<std::string> operator()(const Other& /*event*/) const {
        return {};
    }

private:
    static std::vector<std::string> with_presence(std::string channel) {
        auto presence = "presence-" + channel.substr(std::string_view("private-").size());
        return {std::move(channel), std::move(presence)};
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
    auto user_ids = std::visit(UsersConcerned{}, event);
    // Two who share no company any more lose the direct channel, both of them.
    if (const auto* const left = std::get_if<CompanyMemberLeft>(&event))
        for (const auto id : sockets_.direct_partners(left->user_id)) user_ids.push_back(id);
    auto ending = sockets_.begin_ending(user_ids);
    const auto channels = std::visit(ChannelsConcerned{}, event);
    std::erase_if(ending.grants, [&channels](const ChannelGrant& grant) {
        if (grant.channel.empty()) return true;  // a sign-in ends with its token alone
        return !channels.empty() &&
               std::find(channels.begin(), channels.end(), grant.channel) == channels.end();
    });
    if (ending.grants.empty()) return true;
    auto lost = store_.read_and_wait(
        [&ending](store::Transaction& transaction) { return find_lost(transaction, ending.grants); });
    if (!lost) return false;
    sockets_.end(ending.number, std::move(*lost));
    return true;
}

}  // namespace parley::chat
