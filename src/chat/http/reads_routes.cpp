#include "chat/http/reads_routes.hpp"

#include <utility>

#include "chat/moment.hpp"
#include "chat/person_object.hpp"
#include "chat/read_state.hpp"
#include "chat/receipts.hpp"

namespace parley::chat {

namespace {

/// More than any client shows at once; only the largest counts.
constexpr std::int64_t message_ids_max = 1'000;

http::Response state_answer(const ReadState& state) {
    return answer(200, [&](json::Writer& writer) {
        writer.begin_object();
        writer.name("conversation_id").number(state.conversation_id);
        writer.name("last_read_id").number(state.last_read_id);
        writer.name("unread_count").number(state.unread_count);
        writer.name("message_ids").begin_array();
        for (const auto id : state.message_ids) writer.number(id);
        writer.end_array().end_object();
    });
}

void read_conversation_up_to(Call& call) {
    const auto id = call.path_id("id", "Conversation");
    if (!id) return;
    auto fields = call.body();
    if (!fields) return;
    ReadRequest request{.message_ids = fields->ids("message_ids", message_ids_max),
                        .up_to = fields->optional_id("up_to")};
    // No messages are not all of them: a client that shows none has read none.
    if (fields->has("message_ids") && request.message_ids.empty() && fields->ok()) {
        fields->fail("message_ids", "The message_ids field must have at least 1 items.");
    }
    if (!call.accept(*fields)) return;
    call.write([id = *id, request = std::move(request)](
                   Change& change, const Actor& actor) { return mark_read(change, actor, id, request); },
               state_answer);
}

void write_receipt(json::Writer& writer, const Receipt& receipt) {
    writer.begin_object().name("user");
    write_person_without_email(writer, receipt.reader);
    writer.name("read_at");
    write_optional_moment(writer, receipt.read_at);
    writer.end_object();
}

void show_receipts(Call& call) {
    const auto id = call.path_id("id", "Message");
    if (!id) return;
    call.read([id = *id](store::Transaction& transaction,
                         const Actor& actor) { return list_receipts(transaction, actor.user_id, id); },
              [](const std::vector<Receipt>& receipts) {
                  return answer(200, [&](json::Writer& writer) {
                      writer.begin_object().name("data").begin_array();
                      for (const auto& receipt : receipts) write_receipt(writer, receipt);
                      writer.end_array().end_object();
                  });
              });
}

void read_message(Call& call) {
    const auto id = call.path_id("id", "Message");
    if (!id) return;
    call.write(
        [id = *id](Change& change, const Actor& actor) { return mark_message_read(change, actor, id); },
        state_answer);
}

}  // namespace

void add_reads_routes(Routes& routes) {
    routes.add("POST", "/api/chat/conversations/{id}/read", read_conversation_up_to);
    routes.add("POST", "/api/chat/messages/{id}/read", read_message);
    routes.add("GET", "/api/chat/messages/{id}/receipts", show_receipts);
}

}  // namespace parley::chat
