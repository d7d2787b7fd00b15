#include "chat/http/online_routes.hpp"

#include <string>
#include <utility>

#include "chat/http/list_cursor.hpp"
#include "chat/people.hpp"
#include "chat/person_object.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view list_name = "online";

struct OnlinePage {
    std::vector<Person> people = {};
    std::optional<std::string> next_cursor = {};
};

OnlinePage load_online(store::Transaction& transaction, Id user_id, const std::vector<Id>& online_ids,
                       std::int64_t limit) {
    auto ids = colleagues_among(transaction, user_id, online_ids);
    OnlinePage page;
    if (std::cmp_greater(ids.size(), limit)) {
        ids.resize(static_cast<std::size_t>(limit));
        page.next_cursor = write_list_cursor(list_name, ids.back());
    }
    page.people = load_people(transaction, ids);
    return page;
}

void list(Call& call, const std::function<std::vector<Id>()>& online_users) {
    auto fields = call.query();
    if (!fields) return;
    const auto after = read_list_cursor(*fields, list_name);
    const auto limit = fields->limit(call.limits().max_page_size);
    if (!call.accept(*fields)) return;

    auto ids = online_users();
    std::erase_if(ids, [&](Id id) { return after && id <= *after; });
    call.read(
        [ids = std::move(ids), limit](store::Transaction& transaction, const Actor& actor)
            -> Result<OnlinePage> { return load_online(transaction, actor.user_id, ids, limit); },
        [](const OnlinePage& page) { return list_answer(page.people, page.next_cursor, write_person); });
}

}  // namespace

void add_online_routes(Routes& routes, std::function<std::vector<Id>()> online_users) {
    routes.add("GET", "/api/chat/users/online",
               [online_users = std::move(online_users)](Call& call) { list(call, online_users); });
}

}  // namespace parley::chat
