#include "chat/http/sync_routes.hpp"

#include "chat/sync.hpp"
#include "chat/sync_object.hpp"

namespace parley::chat {

namespace {

constexpr TextLength cursor_length = {.least = 0, .most = 400};

void sync(Call& call) {
    auto fields = call.query();
    if (!fields) return;
    const auto cursor = fields->optional_text("cursor", cursor_length).value_or("");
    const auto limit = fields->limit(call.limits().max_page_size);
    if (!call.accept(*fields)) return;
    call.read([=](store::Transaction& transaction,
                  const Actor& actor) { return load_sync_page(transaction, actor.user_id, cursor, limit); },
              [](const SyncPage& page) {
                  return answer(200, [&](json::Writer& writer) {
                      writer.begin_object().name("data").begin_array();
                      for (const auto& item : page.items) write_sync_item(writer, item);
                      writer.end_array();
                      writer.name("next_cursor").string(page.next_cursor);
                      writer.name("has_more").boolean(page.has_more);
                      writer.name("reset").boolean(page.reset);
                      writer.end_object();
                  });
              });
}

}  // namespace

void add_sync_routes(Routes& routes) { routes.add("GET", "/api/chat/sync", sync); }

}  // namespace parley::chat
