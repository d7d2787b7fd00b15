#include "chat/outbox_data.hpp"

#include <type_traits>
#include <utility>
#include <variant>

#include "base/check.hpp"
#include "chat/outbox_facts.hpp"

namespace parley::chat {

namespace {

// One row of `Form` per kind of event: what it is called, and its object written and read.
template <class Kind>
struct Form;

/// The reference to a conversation.
Audience read_audience(FactsReader& facts) { return {.conversation_id = facts.id("conversation")}; }

template <>
struct Form<MessageSent> {
    static constexpr std::string_view name = "message_sent";
    static void write(Facts& facts, const MessageSent& event) {
        facts.id("conversation", event.audience.conversation_id).id("message", event.message.id);
    }
    static MessageSent read(FactsReader& facts) {
        return {.audience = read_audience(facts), .message = {.id = facts.id("message")}};
    }
};

template <>
struct Form<MessageUpdated> {
    static constexpr std::string_view name = "message_updated";
    static void write(Facts& facts, const MessageUpdated& event) {
        facts.id("conversation", event.audience.conversation_id).id("message", event.message.id);
    }
    static MessageUpdated read(FactsReader& facts) {
        return {.audience = read_audience(facts), .message = {.id = facts.id("message")}};
    }
};

template <>
struct Form<MessageDeleted> {
    static constexpr std::string_view name = "message_deleted";
    static void write(Facts& facts, const MessageDeleted& event) {
        facts.id("conversation", event.audience.conversation_id).id("message", event.message_id);
    }
    static MessageDeleted read(FactsReader& facts) {
        return {.audience = read_audience(facts), .message_id = facts.id("message")};
    }
};

template <>
struct Form<MessagesRead> {
    static constexpr std::string_view name = "messages_read";
    static void write(Facts& facts, const MessagesRead& event) {
        facts.id("conversation", event.audience.conversation_id)
            .id("reader", event.reader_id)
            .ids("messages", event.message_ids)
            .id("last_read", event.last_read_id)
            .id("read_at", event.read_at);
    }
    static MessagesRead read(FactsReader& facts) {
        return {.audience = read_audience(facts),
                .reader_id = facts.id("reader"),
                .message_ids = facts.ids("messages"),
                .last_read_id = facts.id("last_read"),
                .read_at = facts.id("read_at")};
    }
};

template <>
struct Form<ReactionChanged> {
    static constexpr std::string_view name = "reaction_changed";
    static void write(Facts& facts, const ReactionChanged& event) {
        facts.id("conversation", event.audience.conversation_id)
            .id("message", event.message_id)
            .id("user", event.user_id)
            .text("emoji", event.emoji)
            .id("added", event.added ? 1 : 0);
    }
    static ReactionChanged read(FactsReader& facts) {
        return {.audience = read_audience(facts),
                .message_id = facts.id("message"),
                .user_id = facts.id("user"),
                .emoji = facts.text("emoji"),
                .added = facts.id("added") != 0};
    }
};

template <>
struct Form<NotificationCreated> {
    static constexpr std::string_view name = "notification_created";
    static void write(Facts& facts, const NotificationCreated& event) {
        facts.id("user", event.user_id)
            .text("id", event.notification.id)
            .text("type", event.notification.type)
            .text("data", event.notification.data)
            .optional_id("read_at", event.notification.read_at)
            .id("created_at", event.notification.created_at)
            .id("unread", event.unread_count);
    }
    static NotificationCreated read(FactsReader& facts) {
        return {.user_id = facts.id("user"),
                .notification = {.id = facts.text("id"),
                                 .type = facts.text("type"),
                                 .data = facts.text("data"),
                                 .read_at = facts.optional_id("read_at"),
                                 .created_at = facts.id("created_at")},
                .unread_count = facts.id("unread")};
    }
};

template <>
struct Form<NotificationsRead> {
    static constexpr std::string_view name = "notifications_read";
    static void write(Facts& facts, const NotificationsRead& event) {
        facts.id("user", event.user_id).texts("ids", event.ids).id("unread", event.unread_count);
    }
    static NotificationsRead read(FactsReader& facts) {
        return {.user_id = facts.id("user"), .ids = facts.texts("ids"), .unread_count = facts.id("unread")};
    }
};

template <>
struct Form<CampaignChanged> {
    static constexpr std::string_view name = "campaign_changed";
    static void write(Facts& facts, const CampaignChanged& event) {
        const auto& campaign = event.campaign;
        facts.id("id", campaign.id)
            .id("company", campaign.company_id)
            .id("owner", campaign.owner_id)
            .text("name", campaign.name)
            .text("status", word(campaign.status))
            .id("budget", campaign.budget)
            .text("currency", campaign.currency)
            .id("created_at", campaign.created_at)
            .id("updated_at", campaign.updated_at)
            .texts("changed", event.changed)
            .optional_id("old_budget", event.old_budget);
    }
    static CampaignChanged read(FactsReader& facts) {
        return {.campaign = {.id = facts.id("id"),
                             .company_id = facts.id("company"),
                             .owner_id = facts.id("owner"),
                             .name = facts.text("name"),
                             .status = facts.word_of<CampaignStatus>("status"),
                             .budget = facts.id("budget"),
                             .currency = facts.text("currency"),
                             .created_at = facts.id("created_at"),
                             .updated_at = facts.id("updated_at")},
                .changed = facts.texts("changed"),
                .old_budget = facts.optional_id("old_budget")};
    }
};

template <>
struct Form<MoneyMoved> {
    static constexpr std::string_view name = "money_moved";
    static void write(Facts& facts, const MoneyMoved& event) {
        const auto& transaction = event.transaction;
        facts.id("id", transaction.id)
            .id("user", transaction.user_id)
            .text("type", word(transaction.type))
            .id("amount", transaction.amount)
            .text("status", word(transaction.status))
            .id("balance_after", transaction.balance_after)
            .id("created_at", transaction.created_at)
            .id("balance", event.account.balance)
            .id("held", event.account.held)
            .text("currency", event.account.currency);
    }
    static MoneyMoved read(FactsReader& facts) {
        const auto user_id = facts.id("user");
        return {.transaction = {.id = facts.id("id"),
                                .user_id = user_id,
                                .type = facts.word_of<MoneyType>("type"),
                                .amount = facts.id("amount"),
                                .status = facts.word_of<MoneyStatus>("status"),
                                .balance_after = facts.id("balance_after"),
                                .created_at = facts.id("created_at")},
                .account = {.user_id = user_id,
                            .balance = facts.id("balance"),
                            .held = facts.id("held"),
                            .currency = facts.text("currency")}};
    }
};

template <>
struct Form<ConversationChanged> {
    static constexpr std::string_view name = "conversation_changed";
    static void write(Facts& facts, const ConversationChanged& event) {
        facts.id("conversation", event.audience.conversation_id)
            .words("changed", event.changed)
            .ids("told", event.told_ids);
    }
    static ConversationChanged read(FactsReader& facts) {
        return {.audience = read_audience(facts),
                .changed = facts.words_of<ConversationAspect>("changed"),
                .told_ids = facts.ids("told")};
    }
};

template <>
struct Form<ParticipantsLeft> {
    static constexpr std::string_view name = "participants_left";
    static void write(Facts& facts, const ParticipantsLeft& event) {
        facts.id("conversation", event.audience.conversation_id).ids("users", event.user_ids);
    }
    static ParticipantsLeft read(FactsReader& facts) {
        return {.audience = read_audience(facts), .user_ids = facts.ids("users")};
    }
};

template <>
struct Form<CompanyMemberLeft> {
    static constexpr std::string_view name = "company_member_left";
    static void write(Facts& facts, const CompanyMemberLeft& event) {
        facts.id("company", event.company_id).id("user", event.user_id);
    }
    static CompanyMemberLeft read(FactsReader& facts) {
        return {.company_id = facts.id("company"), .user_id = facts.id("user")};
    }
};

template <>
struct Form<CampaignMemberLeft> {
    static constexpr std::string_view name = "campaign_member_left";
    static void write(Facts& facts, const CampaignMemberLeft& event) {
        facts.id("campaign", event.campaign_id).id("user", event.user_id);
    }
    static CampaignMemberLeft read(FactsReader& facts) {
        return {.campaign_id = facts.id("campaign"), .user_id = facts.id("user")};
    }
};

template <>
struct Form<TokensRevoked> {
    static constexpr std::string_view name = "tokens_revoked";
    static void write(Facts& facts, const TokensRevoked& event) {
        facts.id("user", event.user_id).ids("tokens", event.token_ids);
    }
    static TokensRevoked read(FactsReader& facts) {
        return {.user_id = facts.id("user"), .token_ids = facts.ids("tokens")};
    }
};

template <class Kind>
constexpr bool is_stored = !std::is_same_v<Kind, TypingChanged>;

template <std::size_t index = 0>
std::optional<Event> read_kind(FactsReader& facts, std::string_view kind) {
    if constexpr (index < std::variant_size_v<Event>) {
        using Kind = std::variant_alternative_t<index, Event>;
        if constexpr (is_stored<Kind>) {
            if (Form<Kind>::name == kind) {
                Event event = Form<Kind>::read(facts);
                return facts.ok() ? std::optional(std::move(event)) : std::nullopt;
            }
        }
        return read_kind<index + 1>(facts, kind);
    }
    return std::nullopt;
}

}  // namespace

OutboxData write_outbox_data(const Event& event) {
    return std::visit(
        [](const auto& what) -> OutboxData {
            using Kind = std::decay_t<decltype(what)>;
            if constexpr (is_stored<Kind>) {
                std::string data;
                Facts facts(data);
                Form<Kind>::write(facts, what);
                facts.end();
                return {.kind = Form<Kind>::name, .data = std::move(data)};
            } else {
                fail_check(__FILE__, __LINE__, "is_stored<Kind>", "typing is announced, not stored");
            }
        },
        event);
}

std::optional<Event> read_outbox_data(json::Parser& parser, std::string_view kind, std::string_view data) {
    const auto value = parser.parse(data);
    if (!value || value->type() != json::Type::object) return std::nullopt;
    FactsReader facts(parser, parser.members(*value));
    return read_kind(facts, kind);
}

}  // namespace parley::chat
