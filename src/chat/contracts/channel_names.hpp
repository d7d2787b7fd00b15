#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chat/events.hpp"

// How the channels of the chat are called (chat spec, section 3).
namespace parley::chat {

/// Public: the home company's general room.
inline constexpr std::string_view public_chat_channel = "chat";

inline constexpr std::string_view presence_chat_channel = "presence-chat";

/// `private-chat.{companyId}.conversation.{conversationId}`
[[nodiscard]] std::string conversation_channel(const Audience& audience);

/// `private-chat.{a}.{b}` and `private-chat.{b}.{a}`: clients sort the two by number or as text.
[[nodiscard]] std::vector<std::string> direct_channels(const Audience& audience);

/// `private-user.{id}`
[[nodiscard]] std::string user_channel(Id user_id);

/// That of each.
[[nodiscard]] std::vector<std::string> user_channels(std::span<const Id> user_ids);

/// `private-users.{id}` and `private-App.Models.User.{id}`
[[nodiscard]] std::vector<std::string> notification_channels(Id user_id);

/// `private-campaign.{id}`
[[nodiscard]] std::string campaign_channel(Id campaign_id);

/// `private-financial.{userId}`
[[nodiscard]] std::string financial_channel(Id user_id);

}  // namespace parley::chat
