#include "chat/http/search_routes.hpp"

#include <string>

#include "chat/message_object.hpp"
#include "chat/search.hpp"
#include "chat/search_moment.hpp"

namespace parley::chat {

namespace {

constexpr TextLength cursor_length = {.least = 0, .most = 400};
constexpr TextLength moment_length = {.least = 1, .most = 40};

std::optional<Moment> read_moment(Fields& fields, std::string_view name) {
    const auto text = fields.optional_text(name, moment_length);
    if (!text) return std::nullopt;
    const auto moment = parse_moment(*text);
    if (!moment) fields.fail(name, "The " + std::string(name) + " field must be a valid date.");
    return moment;
}

bool read_has_attachment(Fields& fields) {
    const auto has = fields.optional_text("has", {.least = 1, .most = 20});
    if (has && *has != "attachment") fields.fail("has", "The selected has is invalid.");
    return has.has_value();
}

void write_hit(json::Writer& writer, const SearchHit& hit) {
    writer.begin_object();
    write_message(writer.name("message"), hit.message);
    writer.name("snippet").string(hit.snippet.text);
    writer.name("highlights").begin_array();
    for (const auto& [start, length] : hit.snippet.highlights) {
        writer.begin_array().number(start).number(length).end_array();
    }
    writer.end_array().end_object();
}

void search(Call& call) {
    auto fields = call.query();
    if (!fields) return;
    const auto text = fields->text("q", {.least = 1, .most = call.limits().max_search_length});
    const auto company_id = fields->optional_id("company_id");
    const auto conversation_id = fields->optional_id("conversation_id");
    const auto sender_id = fields->optional_id("from");
    const auto before = read_moment(*fields, "before");
    const auto after = read_moment(*fields, "after");
    const auto has_attachment = read_has_attachment(*fields);
    const auto cursor = fields->optional_text("cursor", cursor_length).value_or("");
    const auto limit = fields->limit(call.limits().max_page_size);
    if (!call.accept(*fields)) return;
    call.read(
        [=](store::Transaction& transaction, const Actor& actor) {
            return search_messages(transaction, actor.user_id,
                                   {.text = text,
                                    .company_id = company_id,
                                    .conversation_id = conversation_id,
                                    .sender_id = sender_id,
                                    .before = before,
                                    .after = after,
                                    .has_attachment = has_attachment,
                                    .cursor = cursor,
                                    .limit = limit});
        },
        [](const SearchPage& page) { return list_answer(page.hits, page.next_cursor, write_hit); });
}

}  // namespace

void add_search_routes(Routes& routes) { routes.add("GET", "/api/chat/search", search); }

}  // namespace parley::chat
