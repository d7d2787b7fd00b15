#include "chat/realtime/channel_authorizer.hpp"

#include <charconv>
#include <system_error>
#include <vector>

#include "base/limits.hpp"
#include "chat/access.hpp"
#include "chat/campaigns.hpp"
#include "json/writer.hpp"
#include "pusher/channel_name.hpp"

namespace parley::chat {

namespace {

/// Ids in names of channels are written in one way only, so that a channel has one name.
std::optional<Id> parse_id(std::string_view text) {
    Id id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size() || text.front() == '0' || id < 1)
        return std::nullopt;
    return id;
}

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto dot = text.find('.');
        parts.push_back(text.substr(0, dot));
        if (dot == std::string_view::npos) return parts;
        text.remove_prefix(dot + 1);
    }
}

/// A channel's name taken apart: what stands before the first dot, prefix included, and behind it.
struct Question {
    store::Transaction& transaction;
    Id user_id;
    std::vector<std::string_view> parts;

    [[nodiscard]] std::optional<Id> id(std::size_t index) const {
        return index < parts.size() ? parse_id(parts[index]) : std::nullopt;
    }
};

Result<void> allow_if(bool allowed, std::string_view rule) {
    if (allowed) return {};
    return forbidden(std::string(rule));
}

Result<void> no_rule() { return forbidden("No rule of the chat allows this channel."); }

/// `…-chat.{companyId}.conversation.{conversationId}`
Result<void> allow_conversation(const Question& question) {
    const auto company_id = question.id(1);
    const auto conversation_id = question.id(3);
    if (!company_id || !conversation_id || question.parts[2] != "conversation") return no_rule();
    return allow_if(takes_part(question.transaction, question.user_id, *company_id, *conversation_id),
                    "Only participants of the conversation, which must belong to that company, may listen.");
}

/// `private-chat.{a}.{b}`
Result<void> allow_direct(const Question& question) {
    const auto a = question.id(1);
    const auto b = question.id(2);
    if (!a || !b) return no_rule();
    if (*a == *b) return forbidden("A direct channel is between two different users.");
    if (question.user_id != *a && question.user_id != *b)
        return forbidden("Only the two users that the channel names may listen.");
    return allow_if(share_company(question.transaction, *a, *b), "The two users share no company.");
}

Result<void> allow_chat(const Question& question) {
    if (question.parts.size() == 4) return allow_conversation(question);
    if (question.parts.size() == 3) return allow_direct(question);
    return no_rule();
}

/// `presence-chat`, `presence-chat.{companyId}` and the members of a conversation.
Result<void> allow_presence_chat(const Question& question) {
    if (question.parts.size() == 4) return allow_conversation(question);
    const auto company_id = question.parts.size() == 1 ? std::optional<Id>(home_company_id) : question.id(1);
    if (!company_id || question.parts.size() > 2) return no_rule();
    return allow_if(find_role(question.transaction, *company_id, question.user_id).has_value(),
                    question.parts.size() == 1 ? "Only members of the home company may join."
                                               : "Only members of the company may join.");
}

Result<void> allow_campaign(const Question& question) {
    const auto campaign_id = question.id(1);
    if (!campaign_id || question.parts.size() != 2) return no_rule();
    return allow_if(sees_campaign(question.transaction, question.user_id, *campaign_id),
                    "Only the campaign's owner, its members and the company's admins may listen.");
}

/// A channel of one user, whose id stands at its end.
Result<void> allow_own(const Question& question, std::size_t part_count) {
    const auto user_id = question.id(part_count - 1);
    if (!user_id || question.parts.size() != part_count) return no_rule();
    return allow_if(*user_id == question.user_id, "Only the user that the channel names may listen.");
}

struct Rule {
    std::string_view first;  // part of the name
    Result<void> (*allow)(const Question&);
};

Result<void> allow_own_second(const Question& question) { return allow_own(question, 2); }

/// `private-App.Models.User.{id}`
Result<void> allow_own_model(const Question& question) {
    if (question.parts.size() != 4 || question.parts[1] != "Models" || question.parts[2] != "User")
        return no_rule();
    return allow_own(question, 4);
}

constexpr Rule rules[] = {{"private-chat", &allow_chat},          {"presence-chat", &allow_presence_chat},
                          {"private-user", &allow_own_second},    {"private-users", &allow_own_second},
                          {"private-App", &allow_own_model},      {"private-campaign", &allow_campaign},
                          {"presence-campaign", &allow_campaign}, {"private-financial", &allow_own_second}};

void write_person_info(json::Writer& writer, const Actor& actor, bool with_avatar) {
    writer.begin_object().name("id").number(actor.user_id).name("name").string(actor.name);
    if (with_avatar && actor.avatar_url) writer.name("avatar_url").string(*actor.avatar_url);
    writer.end_object();
}

std::string person_data(std::string_view id_name, const Actor& actor, bool with_avatar) {
    std::string data;
    json::Writer writer(data);
    writer.begin_object().name(id_name).string(std::to_string(actor.user_id)).name("user_info");
    write_person_info(writer, actor, with_avatar);
    writer.end_object();
    return data;
}

}  // namespace

Result<void> allow_channel(store::Transaction& transaction, Id user_id, std::string_view channel) {
    const auto kind = pusher::classify(channel);
    if (!pusher::needs_auth(kind))
        return forbidden("The channel is public: nobody needs to be authorised for it.");
    if (pusher::is_encrypted(kind)) return forbidden("The chat has no encrypted channels.");
    const Question question{transaction, user_id, split(channel)};
    for (const auto& rule : rules)
        if (rule.first == question.parts.front()) return rule.allow(question);
    return no_rule();
}

std::optional<std::string> member_data(const Actor& actor, std::string_view channel, std::int64_t bytes_max) {
    if (!pusher::is_presence(pusher::classify(channel))) return std::nullopt;
    auto data = person_data("user_id", actor, true);
    if (exceeds(data.size(), bytes_max)) data = person_data("user_id", actor, false);
    return data;
}

std::string sign_in_data(const Actor& actor) { return person_data("id", actor, true); }

}  // namespace parley::chat
