#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "chat/model.hpp"

namespace parley::chat {

/// Whom an event of a conversation concerns: what names its channels.
struct Audience {
    Id conversation_id = 0;
    Id company_id = 0;
    ConversationType type = ConversationType::direct;
    Id lower_user_id = 0;  // of direct ones
    Id higher_user_id = 0;
    /// All participants of direct and group conversations; empty for a general one, whose many participants
    /// are looked up by whoever delivers.
    std::vector<Id> participant_ids = {};
};

// What happened. Each is stored in the outbox with its transaction unless it says otherwise. Those of a
// conversation concern all of its audience unless they say `names_who_is_told`.

struct MessageSent {
    Audience audience;
    Message message;
};

/// Edited, or its attachments got thumbnails.
struct MessageUpdated {
    Audience audience;
    Message message;
};

struct MessageDeleted {
    Audience audience;
    Id message_id = 0;
};

struct MessagesRead {
    Audience audience;
    Id reader_id = 0;
    std::vector<Id> message_ids = {};  // the newest 100 at most, ascending
    Id last_read_id = 0;
    Moment read_at = 0;
};

struct ReactionChanged {
    Audience audience;
    Id message_id = 0;
    Id user_id = 0;
    std::string emoji = {};
    bool added = false;
};

/// Not stored.
struct TypingChanged {
    Audience audience;
    Person user;
    bool typing = false;
};

/// A notification that is kept for its user.
struct NotificationCreated {
    Id user_id = 0;
    Notification notification;
    std::int64_t unread_count = 0;
};

struct NotificationsRead {
    Id user_id = 0;
    std::vector<std::string> ids = {};
    std::int64_t unread_count = 0;
};

struct CampaignChanged {
    Campaign campaign;
    std::vector<std::string> changed = {};  // names of fields: name, status, budget, members
    std::optional<std::int64_t> old_budget = {};
};

/// A deposit was completed, or a withdrawal asked for, processed or rejected.
struct MoneyMoved {
    MoneyTransaction transaction;
    Account account;
};

/// A conversation was made, or what its participants see of it is not what it was.
struct ConversationChanged {
    Audience audience;
    std::vector<ConversationAspect> changed = {};
    /// Who is told, as it was then: one of them may be gone by the time of a replay and learns an id alone.
    std::vector<Id> told_ids = {};
    static constexpr bool names_who_is_told = true;
};

/// Somebody takes part no longer: their sockets lose the conversation's channels. Stored, so that they do so
/// also when the server dies in between.
struct ParticipantsLeft {
    Audience audience;  // as it is afterwards
    std::vector<Id> user_ids = {};
    static constexpr bool names_who_is_told = true;
};

/// Members of a company no longer: their sockets lose its channels.
struct CompanyMemberLeft {
    Id company_id = 0;
    Id user_id = 0;
};

struct CampaignMemberLeft {
    Id campaign_id = 0;
    Id user_id = 0;
};

/// Tokens no longer valid: their sockets are closed (4009).
struct TokensRevoked {
    Id user_id = 0;
    std::vector<Id> token_ids = {};
};

using Event =
    std::variant<MessageSent, MessageUpdated, MessageDeleted, MessagesRead, ReactionChanged, TypingChanged,
                 NotificationCreated, NotificationsRead, CampaignChanged, MoneyMoved, ConversationChanged,
                 ParticipantsLeft, CompanyMemberLeft, CampaignMemberLeft, TokensRevoked>;

/// An event on its way: `outbox_id` is 0 for one that is not stored.
struct Broadcast {
    Event event;
    std::int64_t outbox_id = 0;
    std::string except_socket = {};  // the socket id of the request that caused it; empty: none
};

}  // namespace parley::chat
