#include "chat/contracts/channel_names.hpp"

#include <fmt/format.h>

namespace parley::chat {

std::string conversation_channel(const Audience& audience) {
    return fmt::format("private-chat.{}.conversation.{}", audience.company_id, audience.conversation_id);
}

std::vector<std::string> direct_channels(const Audience& audience) {
    return {fmt::format("private-chat.{}.{}", audience.lower_user_id, audience.higher_user_id),
            fmt::format("private-chat.{}.{}", audience.higher_user_id, audience.lower_user_id)};
}

std::string user_channel(Id user_id) { return fmt::format("private-user.{}", user_id); }

std::vector<std::string> user_channels(std::span<const Id> user_ids) {
    std::vector<std::string> channels;
    channels.reserve(user_ids.size());
    for (const auto user_id : user_ids) channels.push_back(user_channel(user_id));
    return channels;
}

std::vector<std::string> notification_channels(Id user_id) {
    return {fmt::format("private-users.{}", user_id), fmt::format("private-App.Models.User.{}", user_id)};
}

std::string campaign_channel(Id campaign_id) { return fmt::format("private-campaign.{}", campaign_id); }

std::string financial_channel(Id user_id) { return fmt::format("private-financial.{}", user_id); }

}  // namespace parley::chat
