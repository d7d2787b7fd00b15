#include "chat/model.hpp"

#include <array>
#include <utility>

namespace parley::chat {

namespace {

template <class Enum>
struct Words;

template <>
struct Words<Role> {
    static constexpr std::array<std::pair<Role, std::string_view>, 3> list = {
        {{Role::member, "member"}, {Role::admin, "admin"}, {Role::owner, "owner"}}};
};

template <>
struct Words<ConversationType> {
    static constexpr std::array<std::pair<ConversationType, std::string_view>, 3> list = {
        {{ConversationType::general, "general"},
         {ConversationType::direct, "direct"},
         {ConversationType::group, "group"}}};
};

template <>
struct Words<CampaignStatus> {
    static constexpr std::array<std::pair<CampaignStatus, std::string_view>, 3> list = {
        {{CampaignStatus::draft, "draft"},
         {CampaignStatus::active, "active"},
         {CampaignStatus::inactive, "inactive"}}};
};

template <>
struct Words<MoneyType> {
    static constexpr std::array<std::pair<MoneyType, std::string_view>, 2> list = {
        {{MoneyType::deposit, "deposit"}, {MoneyType::withdrawal, "withdrawal"}}};
};

template <>
struct Words<MoneyStatus> {
    static constexpr std::array<std::pair<MoneyStatus, std::string_view>, 4> list = {
        {{MoneyStatus::completed, "completed"},
         {MoneyStatus::pending, "pending"},
         {MoneyStatus::processed, "processed"},
         {MoneyStatus::rejected, "rejected"}}};
};

template <>
struct Words<ConversationAspect> {
    static constexpr std::array<std::pair<ConversationAspect, std::string_view>, 4> list = {
        {{ConversationAspect::created, "created"},
         {ConversationAspect::participants, "participants"},
         {ConversationAspect::title, "title"},
         {ConversationAspect::muted, "muted"}}};
};

/// Each list stands in the order of its enumerators.
template <class Enum>
std::string_view word_of(Enum value) {
    return Words<Enum>::list.at(static_cast<std::size_t>(value)).second;
}

}  // namespace

std::string_view word(Role role) { return word_of(role); }
std::string_view word(ConversationType type) { return word_of(type); }
std::string_view word(CampaignStatus status) { return word_of(status); }
std::string_view word(MoneyType type) { return word_of(type); }
std::string_view word(MoneyStatus status) { return word_of(status); }
std::string_view word(ConversationAspect aspect) { return word_of(aspect); }

template <class Enum>
std::optional<Enum> from_word(std::string_view word) {
    for (const auto& [value, text] : Words<Enum>::list)
        if (text == word) return value;
    return std::nullopt;
}

template std::optional<Role> from_word(std::string_view word);
template std::optional<ConversationType> from_word(std::string_view word);
template std::optional<CampaignStatus> from_word(std::string_view word);
template std::optional<MoneyType> from_word(std::string_view word);
template std::optional<MoneyStatus> from_word(std::string_view word);
template std::optional<ConversationAspect> from_word(std::string_view word);

}  // namespace parley::chat
