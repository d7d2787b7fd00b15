#include "chat/reactions.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "chat/access.hpp"
#include "chat/emoji.hpp"
#include "chat/messages.hpp"
#include "chat/messages_shared.hpp"

namespace parley::chat {

namespace {

const store::Statement insert_reaction(
    "INSERT INTO reactions (message_id, user_id, emoji, created_at) VALUES ($1, $2, $3, $4)");

const store::Statement delete_reaction(
    "DELETE FROM reactions WHERE message_id = $1 AND user_id = $2 AND emoji = $3");

const store::Statement update_changed("UPDATE messages SET changed = $2 WHERE id = $1");

const Reaction* find_reaction(const Message& message, std::string_view emoji) {
    const auto found = std::find_if(message.reactions.begin(), message.reactions.end(),
                                    [&](const Reaction& reaction) { return reaction.emoji == emoji; });
    return found == message.reactions.end() ? nullptr : &*found;
}

bool has_reacted(const Reaction* reaction, Id user_id) {
    return reaction != nullptr && std::find(reaction->user_ids.begin(), reaction->user_ids.end(), user_id) !=
                                      reaction->user_ids.end();
}

enum class Reacted : std::uint8_t { taken_back, added };

void note_change(Change& change, const FoundMessage& found, Id user_id, std::string_view emoji,
                 Reacted reacted) {
    auto& transaction = change.transaction();
    const auto number = transaction.next_change();
    transaction.execute(update_changed, {found.message.id, number});
    touch_conversation(transaction, found.conversation.id, number);
    change.record(ReactionChanged{.audience = load_audience(transaction, found.conversation),
                                  .message_id = found.message.id,
                                  .user_id = user_id,
                                  .emoji = std::string(emoji),
                                  .added = reacted == Reacted::added});
}

}  // namespace

Result<bool> set_reaction(Change& change, const Actor& actor, Id message_id, std::string_view emoji) {
    auto& transaction = change.transaction();
    const auto found = find_with_conversation(transaction, actor.user_id, message_id);
    if (!found) return tl::unexpected(found.error());
    if (!is_emoji(emoji)) return invalid("emoji", "The emoji field must be one emoji.");
    if (auto alterable = check_alterable(transaction, actor.user_id, *found); !alterable) {
        return tl::unexpected(std::move(alterable.error()));
    }
    const auto* const reaction = find_reaction(found->message, emoji);
    if (has_reacted(reaction, actor.user_id)) return false;
    const auto kinds_max = change.policy().limits.max_reactions_per_message;
    if (reaction == nullptr && exceeds(found->message.reactions.size() + 1, kinds_max)) {
        return conflict("too_many_reactions",
                        "The message has " + std::to_string(kinds_max) +
                            " different reactions already (max_reactions_per_message).");
    }
    transaction.execute(insert_reaction, {message_id, actor.user_id, emoji, change.now()});
    note_change(change, *found, actor.user_id, emoji, Reacted::added);
    return true;
}

Result<bool> remove_reaction(Change& change, const Actor& actor, Id message_id, std::string_view emoji) {
    auto& transaction = change.transaction();
    const auto found = find_with_conversation(transaction, actor.user_id, message_id);
    if (!found) return tl::unexpected(found.error());
    if (!has_reacted(find_reaction(found->message, emoji), actor.user_id)) return false;
    transaction.execute(delete_reaction, {message_id, actor.user_id, emoji});
    note_change(change, *found, actor.user_id, emoji, Reacted::taken_back);
    return true;
}

}  // namespace parley::chat
