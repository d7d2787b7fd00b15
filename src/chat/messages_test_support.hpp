#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/messages.hpp"
#include "chat/reactions.hpp"
#include "chat/read_state.hpp"
#include "chat/test_support.hpp"

namespace parley::chat::test {

/// A world with people who write: Ann (its owner), Bob and Cid, a direct conversation of the first two and a
/// group of all three.
class WritersWorld : public World {
public:
    explicit WritersWorld(store::Dialect dialect) : World(dialect) {}

    Actor ann = add_user("Ann");
    Actor bob = add_user("Bob");
    Actor cid = add_user("Cid");
    Conversation direct = add_direct(ann, bob);
    Conversation group = add_group(ann, "Friends", {bob, cid});

    Result<SentMessage> try_send(const Actor& actor, Id conversation_id, const NewMessage& message) {
        return change([&](Change& change) { return send_message(change, actor, conversation_id, message); });
    }
    Message send(const Actor& actor, const Conversation& conversation, std::string body) {
        return taken(try_send(actor, conversation.id, {.body = std::move(body)})).message;
    }
    Result<Message> edit(const Actor& actor, Id message_id, const std::string& body) {
        return change([&](Change& change) { return edit_message(change, actor, message_id, body); });
    }
    Result<Message> remove(const Actor& actor, Id message_id) {
        return change([&](Change& change) { return delete_message(change, actor, message_id); });
    }
    Result<ReadState> mark(const Actor& actor, const Conversation& conversation,
                           const ReadRequest& request = {}) {
        return change([&](Change& change) { return mark_read(change, actor, conversation.id, request); });
    }
    Result<bool> react(const Actor& actor, Id message_id, std::string_view emoji) {
        return change([&](Change& change) { return set_reaction(change, actor, message_id, emoji); });
    }
    Result<Message> find(const Actor& actor, Id message_id) {
        return read([&](store::Transaction& transaction) {
            return find_message(transaction, actor.user_id, message_id);
        });
    }
    std::int64_t unread(const Actor& actor, const Conversation& conversation) {
        return read([&](store::Transaction& transaction) {
            const Id ids[] = {conversation.id};
            return unread_counts(transaction, actor.user_id, ids).at(conversation.id);
        });
    }

    /// Adds a file of `owner` as an upload leaves it.
    void add_file(const Actor& owner, std::string_view id) {
        static const store::Statement insert(
            "INSERT INTO attachments (id, uploader_id, name, media_type, size_bytes, content_hash, "
            "created_at) "
            "VALUES ($1, $2, 'a.txt', 'text/plain', 3, 'hash', $3)");
        change([&](Change& change) { change.transaction().execute(insert, {id, owner.user_id, now}); });
    }

    /// The first integer of a statement without parameters.
    std::int64_t number(const store::Statement& statement) {
        return read([&](store::Transaction& transaction) {
            return transaction.query_integer(statement).value_or(0);
        });
    }
};

/// The field of a 422, else the name of the refusal's code.
template <class T>
std::string complaint(const Result<T>& result) {
    if (result) return "none";
    return result.error().errors.empty() ? result.error().code : result.error().errors.front().field;
}

}  // namespace parley::chat::test
