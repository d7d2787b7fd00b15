#include "chat/http/people_routes.hpp"

#include <string>
#include <utility>

#include "chat/blocks.hpp"
#include "chat/http/list_page.hpp"
#include "chat/people.hpp"
#include "chat/person_object.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view people_list = "people";
constexpr std::string_view blocks_list = "blocks";

void show_people(Call& call, const IsOnline& is_online) {
    auto fields = call.query();
    if (!fields) return;
    const auto& limits = call.limits();
    PeopleSearch search{.text = fields->optional_text("search", {0, limits.max_search_length}).value_or(""),
                        .company_id = fields->optional_id("company_id"),
                        .after_id = read_list_cursor(*fields, people_list).value_or(0)};
    const auto limit = fields->limit(limits.max_page_size);
    if (!call.accept(*fields)) return;
    search.limit = limit + 1;
    call.read(
        [search = std::move(search), limit](store::Transaction& transaction,
                                            const Actor& actor) -> Result<ListPage<Colleague>> {
            auto people = search_people(transaction, actor.user_id, search);
            if (!people) return tl::unexpected(std::move(people.error()));
            return cut_page(std::move(*people), limit, people_list,
                            [](const Colleague& colleague) { return colleague.person.id; });
        },
        [is_online](const ListPage<Colleague>& page) {
            return list_answer(page.rows, page.next_cursor,
                               [&](json::Writer& writer, const Colleague& colleague) {
                                   write_colleague(writer, colleague, is_online(colleague.person.id));
                               });
        });
}

void show_blocks(Call& call) {
    const auto place = read_list_place(call, blocks_list);
    if (!place) return;
    call.read(
        [place = *place](store::Transaction& transaction, const Actor& actor) -> Result<ListPage<Person>> {
            return cut_page(list_blocked(transaction, actor, place.behind.value_or(0), place.limit + 1),
                            place.limit, blocks_list, [](const Person& person) { return person.id; });
        },
        [](const ListPage<Person>& page) { return list_answer(page.rows, page.next_cursor, write_person); });
}

void block(Call& call) {
    const auto id = call.path_id("id", "User");
    if (!id) return;
    call.write([id = *id](Change& change, const Actor& actor) { return block_user(change, actor, id); },
               [](Id /*user_id*/) { return no_content(); });
}

void unblock(Call& call) {
    const auto id = call.path_id("id", "User");
    if (!id) return;
    call.write(
        [id = *id](Change& change, const Actor& actor) -> Result<Id> {
            unblock_user(change, actor, id);
            return id;
        },
        [](Id /*user_id*/) { return no_content(); });
}

}  // namespace

void add_people_routes(Routes& routes, const IsOnline& is_online) {
    routes.add("GET", "/api/users", [is_online](Call& call) { show_people(call, is_online); });
    routes.add("PUT", "/api/users/{id}/block", block);
    routes.add("DELETE", "/api/users/{id}/block", unblock);
    routes.add("GET", "/api/blocks", show_blocks);
}

}  // namespace parley::chat
