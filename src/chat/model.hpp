#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::chat {

/// Ids are integers from 1; moments are milliseconds since 1970, UTC.
using Id = std::int64_t;
using Moment = std::int64_t;

inline constexpr Id home_company_id = 1;

enum class Role : std::uint8_t { member, admin, owner };  // each may what those before it may

/// Who asks: what `authenticate` found behind a token.
struct Actor {
    Id user_id = 0;
    Id token_id = 0;
    std::string name = {};
    std::string email = {};
    std::optional<std::string> avatar_url = {};
    bool is_operator = false;
};

/// A user as others see them.
struct Person {
    Id id = 0;
    std::string name = {};
    std::string email = {};
    std::optional<std::string> avatar_url = {};
};

enum class ConversationType : std::uint8_t { general, direct, group };

/// The facts of a conversation that every decision about it needs.
struct Conversation {
    Id id = 0;
    Id company_id = 0;
    ConversationType type = ConversationType::direct;
    std::optional<std::string> title = {};
    std::optional<Id> creator_id = {};
    Id lower_user_id = 0;  // the parties of a direct one, else 0
    Id higher_user_id = 0;
    std::int64_t message_count = 0;
    Id last_message_id = 0;
    Moment created_at = 0;
    Moment updated_at = 0;

    /// The other party of a direct conversation; empty in any other.
    [[nodiscard]] std::optional<Id> other_than(Id user_id) const {
        if (type != ConversationType::direct) return std::nullopt;
        return user_id == lower_user_id ? higher_user_id : lower_user_id;
    }
};

struct Attachment {
    std::string id = {};
    std::string name = {};
    std::string media_type = {};
    std::int64_t size_bytes = 0;
    std::optional<std::int64_t> width = {};
    std::optional<std::int64_t> height = {};
    bool has_thumbnail = false;
};

/// All reactions to a message with one emoji.
struct Reaction {
    std::string emoji = {};
    std::vector<Id> user_ids = {};  // in the order in which they reacted
};

/// The message object of the chat spec, section 3.
struct Message {
    Id id = 0;
    Id conversation_id = 0;
    Id company_id = 0;
    std::int64_t position = 0;
    Person sender = {};
    std::optional<Id> receiver_id = {};  // of direct conversations
    std::string body = {};               // empty once deleted
    std::optional<std::string> temp_id = {};
    std::optional<Id> reply_to = {};
    std::vector<Attachment> attachments = {};
    std::vector<Reaction> reactions = {};
    std::optional<Moment> read_at = {};
    std::optional<Moment> edited_at = {};
    std::optional<Moment> deleted_at = {};
    Moment created_at = 0;
    Moment updated_at = 0;
};

struct Notification {
    std::string id = {};  // a UUID
    std::string type = {};
    std::string data = {};  // JSON
    std::optional<Moment> read_at = {};
    Moment created_at = 0;
};

enum class CampaignStatus : std::uint8_t { draft, active, inactive };

struct Campaign {
    Id id = 0;
    Id company_id = 0;
    Id owner_id = 0;
    std::string name = {};
    CampaignStatus status = CampaignStatus::draft;
    std::int64_t budget = 0;  // minor units of `currency`
    std::string currency = {};
    Moment created_at = 0;
    Moment updated_at = 0;
};

struct Account {
    Id user_id = 0;
    std::int64_t balance = 0;  // what can be spent, minor units
    std::int64_t held = 0;     // asked to be withdrawn, not decided yet
    std::string currency = {};
};

enum class MoneyType : std::uint8_t { deposit, withdrawal };
enum class MoneyStatus : std::uint8_t { completed, pending, processed, rejected };

struct MoneyTransaction {
    Id id = 0;
    Id user_id = 0;
    MoneyType type = MoneyType::deposit;
    std::int64_t amount = 0;
    MoneyStatus status = MoneyStatus::completed;
    std::int64_t balance_after = 0;
    Moment created_at = 0;
};

/// What somebody sees of a conversation that may change; `created` is all of it.
enum class ConversationAspect : std::uint8_t { created, participants, title, muted };

/// The words for these in the database and on the wire.
[[nodiscard]] std::string_view word(Role role);
[[nodiscard]] std::string_view word(ConversationType type);
[[nodiscard]] std::string_view word(CampaignStatus status);
[[nodiscard]] std::string_view word(MoneyType type);
[[nodiscard]] std::string_view word(MoneyStatus status);
[[nodiscard]] std::string_view word(ConversationAspect aspect);

/// The value of a word; empty when there is none.
template <class Enum>
[[nodiscard]] std::optional<Enum> from_word(std::string_view word);

}  // namespace parley::chat
