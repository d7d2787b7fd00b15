#include <algorithm>

#include "chat/campaign_object.hpp"
#include "chat/contracts/channel_names.hpp"
#include "chat/contracts/contracts.hpp"
#include "chat/contracts/conversation_events.hpp"
#include "chat/moment.hpp"
#include "chat/money_object.hpp"
#include "chat/notification_object.hpp"

namespace parley::chat {

namespace {

/// Whether an event happened in the room that everybody may listen to.
bool is_public(const Audience& audience) {
    return audience.type == ConversationType::general && audience.company_id == home_company_id;
}

/// What a movement of money is called; empty for a withdrawal that waits for a decision, which is nothing but
/// a new balance.
std::string_view name_of(const MoneyTransaction& transaction) {
    if (transaction.type == MoneyType::deposit)
        return transaction.status == MoneyStatus::completed ? "DepositCompleted" : "";
    switch (transaction.status) {
        case MoneyStatus::processed:
            return "WithdrawalProcessed";
        case MoneyStatus::rejected:
            return "WithdrawalRejected";
        case MoneyStatus::pending:
        case MoneyStatus::completed:
            break;
    }
    return "";
}

struct PlatformEvents {
    Context& context;
    Sink& sink;

    void operator()(const MessageSent& event) const {
        if (!is_public(event.audience)) return;
        send_named("MessageSent", {std::string(public_chat_channel)}, [&event](json::Writer& writer) {
            write_message(writer, event.message, EmailAddresses::hidden);
        });
    }

    void operator()(const TypingChanged& event) const {
        if (!is_public(event.audience)) return;
        send_named("UserTyping", {std::string(public_chat_channel)}, [&event](json::Writer& writer) {
            writer.begin_object();
            write_typing_members(writer, event, EmailAddresses::hidden);
            writer.end_object();
        });
    }

    void operator()(const MessagesRead& event) const {
        send_named("MessageRead", user_channels(context.participants(event.audience)),
                   [&event](json::Writer& writer) {
                       write_read_members(writer.begin_object(), event);
                       writer.name("read_at").string(format_moment(event.read_at)).end_object();
                   });
    }

    void operator()(const NotificationCreated& event) const {
        send_named("NotificationCreated", {user_channel(event.user_id)}, [&event](json::Writer& writer) {
            writer.begin_object().name("notification");
            write_notification(writer, event.notification);
            writer.name("unread_count").number(event.unread_count).end_object();
        });
    }

    void operator()(const NotificationsRead& event) const {
        send_named("NotificationRead", {user_channel(event.user_id)}, [&event](json::Writer& writer) {
            writer.begin_object().name("ids").begin_array();
            for (const auto& id : event.ids) writer.string(id);
            writer.end_array().name("unread_count").number(event.unread_count).end_object();
        });
    }

    void operator()(const CampaignChanged& event) const {
        const auto& campaign = event.campaign;
        const std::vector<std::string> channels = {campaign_channel(campaign.id)};
        send_named("CampaignUpdated", channels, [&event](json::Writer& writer) {
            writer.begin_object().name("campaign");
            write_campaign(writer, event.campaign);
            writer.name("changed").begin_array();
            for (const auto& field : event.changed) writer.string(field);
            writer.end_array().end_object();
        });
        if (event.old_budget) {
            send_named("BudgetChanged", channels, [&event](json::Writer& writer) {
                writer.begin_object().name("campaign_id").number(event.campaign.id);
                writer.name("old_budget").number(*event.old_budget);
                writer.name("budget").number(event.campaign.budget).end_object();
            });
        }
        const bool status_changed =
            std::find(event.changed.begin(), event.changed.end(), "status") != event.changed.end();
        if (status_changed && campaign.status != CampaignStatus::draft) {
            const bool active = campaign.status == CampaignStatus::active;
            send_named(active ? "CampaignActivated" : "CampaignDeactivated", channels,
                       [&campaign](json::Writer& writer) {
                           writer.begin_object().name("campaign");
                           write_campaign(writer, campaign);
                           writer.end_object();
                       });
        }
    }

    void operator()(const MoneyMoved& event) const {
        const std::vector<std::string> channels = {financial_channel(event.account.user_id)};
        if (const auto name = name_of(event.transaction); !name.empty()) {
            send_named(name, channels, [&event](json::Writer& writer) {
                writer.begin_object().name("transaction");
                write_money_transaction(writer, event.transaction);
                writer.name("balance").number(event.account.balance).end_object();
            });
        }
        send_named("BalanceUpdated", channels,
                   [&event](json::Writer& writer) { write_account(writer, event.account); });
    }

    template <class Other>
    void operator()(const Other& /*event*/) const {}

private:
    template <class Write>
    void send_named(std::string_view name, std::vector<std::string> channels, Write write) const {
        send(sink, context.platform_name(name), std::move(channels), write);
    }
};

}  // namespace

void send_platform(const Event& event, Context& context, Sink& sink) {
    std::visit(PlatformEvents{context, sink}, event);
}

void send_presence(const PresenceChange& change, const Context& context, Sink& sink) {
    send(sink, context.platform_name(change.joined ? "UserJoined" : "UserLeft"), {change.channel},
         [&change](json::Writer& writer) {
             writer.begin_object().name("user").begin_object();
             writer.name("id").number(change.user_id).name("name").string(change.user_name).end_object();
             writer.name("online_count").number(change.online_count).end_object();
         });
}

}  // namespace parley::chat
