#include "chat/http/messages_routes.hpp"

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "chat/message_object.hpp"
#include "chat/message_pages.hpp"
#include "chat/messages.hpp"
#include "chat/page_cursor.hpp"
#include "chat/reactions.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view message_list = "messages";
constexpr std::int64_t back = 0;
constexpr std::int64_t onwards = 1;

/// A file's id is shorter; the domain says which there are.
constexpr TextLength attachment_id_length = {.least = 1, .most = 100};
constexpr TextLength cursor_length = {.least = 0, .most = 400};

/// The text of a message under any of the names that clients have for it. Empty when there is none; how long
/// it may be is the domain's to say, after trimming.
std::string body_of(Fields& fields, const Limits& limits) {
    for (const auto* const name : {"body", "message", "content"})
        if (auto text = fields.optional_text(name, {.least = 0, .most = limits.max_chat_request_size}))
            return std::move(*text);
    return {};
}

NewMessage new_message(Fields& fields, const Limits& limits) {
    const TextLength temp_id_length = {.least = 0, .most = limits.max_temp_id_length};
    NewMessage message{.body = body_of(fields, limits),
                       .temp_id = fields.optional_text_or_integer("temp_id", temp_id_length)};
    if (!message.temp_id) message.temp_id = fields.optional_text_or_integer("tempId", temp_id_length);
    message.reply_to = fields.optional_id("reply_to");
    message.attachment_ids =
        fields.texts("attachment_ids", attachment_id_length, limits.max_attachments_per_message);
    return message;
}

http::Response message_answer(int status, const Message& message) {
    return answer(status, [&](json::Writer& writer) { write_message(writer, message); });
}

/// Sends by `send(Change&, const Actor&)` and ends the sender's typing.
template <class Send>
void send_with(Call& call, Typing& typing, Throttle& messages, Send send) {
    const auto& clock = call.asker().backend().clock;
    call.write(
        [&typing, &messages, &clock, send = std::move(send)](Change& change,
                                                             const Actor& actor) -> Result<SentMessage> {
            if (const auto wait_ms = messages.admit(std::to_string(actor.user_id), clock.steady_ms())) {
                return too_many("Too many messages (limits.max_messages_per_second).", *wait_ms);
            }
            auto sent = send(change, actor);
            if (!sent || sent->repeated) return sent;
            const auto conversation_id = sent->message.conversation_id;
            if (typing.is_typing(actor.user_id, conversation_id, change.now())) {
                auto stopped = describe_typing(change.transaction(), actor, conversation_id, false);
                if (stopped) change.announce(std::move(*stopped));
            }
            return sent;
        },
        [&typing](const SentMessage& sent) {
            // After the commit: the work may run again, and must find the same then.
            if (!sent.repeated) typing.sent(sent.message.sender.id, sent.message.conversation_id);
            return message_answer(sent.repeated ? 200 : 201, sent.message);
        });
}

void send_to_conversation(Call& call, Typing& typing, Throttle& messages) {
    const auto id = call.path_id("id", "Conversation");
    if (!id) return;
    auto fields = call.body();
    if (!fields) return;
    auto message = new_message(*fields, call.limits());
    if (!call.accept(*fields)) return;
    send_with(call, typing, messages,
              [id = *id, message = std::move(message)](Change& change, const Actor& actor) {
                  return send_message(change, actor, id, message);
              });
}

void send_to_general(Call& call, Typing& typing, Throttle& messages) {
    auto fields = call.body();
    if (!fields) return;
    const auto company_id = fields->optional_id("company_id");
    auto message = new_message(*fields, call.limits());
    if (!call.accept(*fields)) return;
    send_with(call, typing, messages,
              [company_id, message = std::move(message)](Change& change, const Actor& actor) {
                  return send_general_message(change, actor, company_id, message);
              });
}

void send_to_user(Call& call, Typing& typing, Throttle& messages) {
    auto fields = call.body();
    if (!fields) return;
    const auto recipient_id = fields->id("recipient_id");
    const auto company_id = fields->optional_id("company_id");
    auto message = new_message(*fields, call.limits());
    if (!call.accept(*fields)) return;
    send_with(call, typing, messages,
              [recipient_id, company_id, message = std::move(message)](Change& change, const Actor& actor) {
                  return send_private_message(change, actor, recipient_id, company_id, message);
              });
}

/// The page that a query asks for: of a cursor, or of one of the three ids.
PageRequest page_request(Fields& fields, Id conversation_id, const Limits& limits) {
    constexpr auto most = std::numeric_limits<Id>::max();
    PageRequest request{.before = fields.optional_integer("before", 0, most),
                        .after = fields.optional_integer("after", 0, most),
                        .around = fields.optional_integer("around", 0, most),
                        .limit = fields.limit(limits.max_page_size)};
    const auto cursor = fields.optional_text("cursor", cursor_length);
    const int count = int{request.before.has_value()} + int{request.after.has_value()} +
                      int{request.around.has_value()} + int{cursor.has_value()};
    if (count > 1) fields.fail("cursor", "Only one of before, after, around and cursor may be given.");
    if (!cursor) return request;
    const auto place = read_cursor_of<3>(message_list, *cursor);
    if (!place || (*place)[0] != conversation_id || ((*place)[1] != back && (*place)[1] != onwards)) {
        fields.fail("cursor", "The selected cursor is invalid.");
        return request;
    }
    ((*place)[1] == back ? request.before : request.after) = (*place)[2];
    return request;
}

void write_page(json::Writer& writer, Id conversation_id, const MessagePage& page) {
    writer.begin_object().name("data").begin_array();
    for (const auto& message : page.messages) write_message(writer, message);
    writer.end_array().name("next_cursor");
    if (page.next) {
        const std::array<std::int64_t, 3> place = {conversation_id, page.next->after ? onwards : back,
                                                   page.next->after.value_or(page.next->before.value_or(0))};
        writer.string(write_cursor(message_list, place));
    } else {
        writer.null();
    }
    writer.name("has_more_before").boolean(page.has_more_before);
    writer.name("has_more_after").boolean(page.has_more_after);
    writer.end_object();
}

void list(Call& call) {
    const auto id = call.path_id("id", "Conversation");
    if (!id) return;
    auto fields = call.query();
    if (!fields) return;
    const auto request = page_request(*fields, *id, call.limits());
    if (!call.accept(*fields)) return;
    call.read(
        [id = *id, request](store::Transaction& transaction, const Actor& actor) {
            return load_page(transaction, actor.user_id, id, request);
        },
        [id = *id](const MessagePage& page) {
            return answer(200, [&](json::Writer& writer) { write_page(writer, id, page); });
        });
}

void edit(Call& call) {
    const auto id = call.path_id("id", "Message");
    if (!id) return;
    auto fields = call.body();
    if (!fields) return;
    auto body = body_of(*fields, call.limits());
    if (!call.accept(*fields)) return;
    call.write([id = *id, body = std::move(body)](
                   Change& change, const Actor& actor) { return edit_message(change, actor, id, body); },
               [](const Message& message) { return message_answer(200, message); });
}

void remove(Call& call) {
    const auto id = call.path_id("id", "Message");
    if (!id) return;
    call.write([id = *id](Change& change, const Actor& actor) { return delete_message(change, actor, id); },
               [](const Message& /*message*/) { return no_content(); });
}

/// `change_reaction` is set_reaction or remove_reaction.
void react(Call& call, Result<bool> (*change_reaction)(Change&, const Actor&, Id, std::string_view)) {
    const auto id = call.path_id("id", "Message");
    if (!id) return;
    auto emoji = call.path_text("emoji", "Reaction");
    if (!emoji) return;
    call.write([id = *id, emoji = std::move(*emoji), change_reaction](
                   Change& change, const Actor& actor) { return change_reaction(change, actor, id, emoji); },
               [](bool /*changed*/) { return no_content(); });
}

}  // namespace

void add_messages_routes(Routes& routes, Typing& typing, Throttle& messages) {
    const auto sending = [&typing, &messages](void (*handle)(Call&, Typing&, Throttle&)) {
        return [handle, &typing, &messages](Call& call) { handle(call, typing, messages); };
    };
    routes.add("GET", "/api/chat/conversations/{id}/messages", list);
    routes.add("POST", "/api/chat/conversations/{id}/messages", sending(send_to_conversation));
    routes.add("POST", "/api/chat/messages", sending(send_to_general));
    routes.add("POST", "/api/chat/messages/private", sending(send_to_user));
    routes.add("PATCH", "/api/chat/messages/{id}", edit);
    routes.add("DELETE", "/api/chat/messages/{id}", remove);
    routes.add("PUT", "/api/chat/messages/{id}/reactions/{emoji}",
               [](Call& call) { react(call, set_reaction); });
    routes.add("DELETE", "/api/chat/messages/{id}/reactions/{emoji}",
               [](Call& call) { react(call, remove_reaction); });
}

}  // namespace parley::chat
