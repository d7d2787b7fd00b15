#include "chat/http/companies_routes.hpp"

#include <string>
#include <utility>

#include "chat/companies.hpp"
#include "chat/company_object.hpp"
#include "chat/http/list_page.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view companies_list = "companies";
constexpr std::string_view members_list = "members";

Id id_of_company(const Company& company) { return company.id; }
Id id_of_member(const Member& member) { return member.person.id; }

void show_companies(Call& call) {
    const auto place = read_list_place(call, companies_list);
    if (!place) return;
    call.read(
        [place = *place](store::Transaction& transaction, const Actor& actor) -> Result<ListPage<Company>> {
            return cut_page(
                list_companies(transaction, actor.user_id, place.behind.value_or(0), place.limit + 1),
                place.limit, companies_list, id_of_company);
        },
        [](const ListPage<Company>& page) {
            return list_answer(page.rows, page.next_cursor, write_company);
        });
}

void make_company(Call& call) {
    auto fields = call.body();
    if (!fields) return;
    const auto name = fields->optional_text("name", any_length).value_or("");
    if (!call.accept(*fields)) return;
    call.write([name](Change& change, const Actor& actor) { return create_company(change, actor, name); },
               [](const Company& company) {
                   return answer(201, [&](json::Writer& writer) { write_company(writer, company); });
               });
}

void show_members(Call& call, const IsOnline& is_online) {
    const auto company_id = call.path_id("id", "Company");
    if (!company_id) return;
    const auto place = read_list_place(call, members_list);
    if (!place) return;
    call.read(
        [company_id = *company_id, place = *place](store::Transaction& transaction,
                                                   const Actor& actor) -> Result<ListPage<Member>> {
            auto members = list_members(transaction, actor.user_id, company_id, place.behind.value_or(0),
                                        place.limit + 1);
            if (!members) return tl::unexpected(std::move(members.error()));
            return cut_page(std::move(*members), place.limit, members_list, id_of_member);
        },
        [is_online](const ListPage<Member>& page) {
            return list_answer(page.rows, page.next_cursor, [&](json::Writer& writer, const Member& member) {
                write_member(writer, member, is_online(member.person.id));
            });
        });
}

/// 201 for a new member, 200 for one who was a member before, 202 for an invitation.
http::Response member_answer(const MemberAdded& added, const IsOnline& is_online) {
    if (!added.member) return answer(202, [&](json::Writer& writer) { write_invitation(writer, added); });
    return answer(added.membership == Membership::made ? 201 : 200, [&](json::Writer& writer) {
        write_member(writer, *added.member, is_online(added.member->person.id));
    });
}

void put_member(Call& call, const IsOnline& is_online) {
    const auto company_id = call.path_id("id", "Company");
    if (!company_id) return;
    auto fields = call.body();
    if (!fields) return;
    MemberChoice choice{.user_id = fields->optional_id("user_id"),
                        .email = fields->optional_text("email", any_length)};
    if (const auto role = fields->optional_text("role", any_length)) {
        choice.role = from_word<Role>(*role);
        if (!choice.role) fields->fail("role", "The selected role is invalid.");
    }
    if (!call.accept(*fields)) return;
    call.write(
        [company_id = *company_id, choice = std::move(choice)](Change& change, const Actor& actor) {
            return add_member(change, actor, company_id, choice);
        },
        [is_online](const MemberAdded& added) { return member_answer(added, is_online); });
}

void take_member(Call& call) {
    const auto company_id = call.path_id("id", "Company");
    if (!company_id) return;
    const auto user_id = call.path_id("userId", "Member");
    if (!user_id) return;
    call.write(
        [company_id = *company_id, user_id = *user_id](Change& change, const Actor& actor) {
            return remove_member(change, actor, company_id, user_id);
        },
        [](Id /*user_id*/) { return no_content(); });
}

}  // namespace

void add_companies_routes(Routes& routes, const IsOnline& is_online) {
    routes.add("GET", "/api/companies", show_companies);
    routes.add("POST", "/api/companies", make_company);
    routes.add("GET", "/api/companies/{id}/members",
               [is_online](Call& call) { show_members(call, is_online); });
    routes.add("POST", "/api/companies/{id}/members",
               [is_online](Call& call) { put_member(call, is_online); });
    routes.add("DELETE", "/api/companies/{id}/members/{userId}", take_member);
}

}  // namespace parley::chat
