#include "chat/http/conversations_routes.hpp"

#include <string>
#include <utility>
#include <vector>

#include "chat/access.hpp"
#include "chat/conversations.hpp"
#include "chat/participants.hpp"

namespace parley::chat {

namespace {

constexpr TextLength cursor_length = {.least = 0, .most = 400};

/// A row and the status to answer it with.
struct Answered {
    ConversationRow row;
    int status = 200;
};

auto row_answer(IsOnline is_online) {
    return [is_online = std::move(is_online)](const Answered& answered) {
        return answer(answered.status,
                      [&](json::Writer& writer) { write_conversation(writer, answered.row, is_online); });
    };
}

Result<Answered> answered(store::Transaction& transaction, Id user_id, Id conversation_id, int status) {
    auto row = load_conversation(transaction, user_id, conversation_id);
    if (!row) return tl::unexpected(std::move(row.error()));
    return Answered{.row = std::move(*row), .status = status};
}

void list(Call& call, const IsOnline& is_online) {
    auto fields = call.query();
    if (!fields) return;
    const auto company_id = fields->optional_id("company_id");
    const auto cursor = fields->optional_text("cursor", cursor_length).value_or("");
    const auto limit = fields->limit(call.limits().max_page_size);
    if (!call.accept(*fields)) return;
    call.read(
        [=](store::Transaction& transaction, const Actor& actor) {
            return load_conversations(transaction, actor.user_id,
                                      {.company_id = company_id, .cursor = cursor, .limit = limit});
        },
        [is_online](const ConversationPage& page) {
            return list_answer(page.rows, page.next_cursor,
                               [&](json::Writer& writer, const ConversationRow& row) {
                                   write_conversation(writer, row, is_online);
                               });
        });
}

void open_with(Call& call, Id user_id, std::optional<Id> company_id, const IsOnline& is_online) {
    call.write(
        [=](Change& change, const Actor& actor) -> Result<Answered> {
            auto& transaction = change.transaction();
            const auto company = choose_company(transaction, actor.user_id, company_id);
            if (!company) return tl::unexpected(company.error());
            const auto opened = open_direct(change, actor, user_id, *company);
            if (!opened) return tl::unexpected(opened.error());
            return answered(transaction, actor.user_id, opened->conversation.id, opened->created ? 201 : 200);
        },
        row_answer(is_online));
}

void create_with(Call& call, const std::string& title, const std::vector<Id>& user_ids,
                 std::optional<Id> company_id, const IsOnline& is_online) {
    call.write(
        [=](Change& change, const Actor& actor) -> Result<Answered> {
            auto& transaction = change.transaction();
            const auto company = choose_company(transaction, actor.user_id, company_id);
            if (!company) return tl::unexpected(company.error());
            const auto group = create_group(change, actor, *company, {.title = title, .user_ids = user_ids});
            if (!group) return tl::unexpected(group.error());
            return answered(transaction, actor.user_id, group->id, 201);
        },
        row_answer(is_online));
}

void create(Call& call, const IsOnline& is_online) {
    auto fields = call.body();
    if (!fields) return;
    const auto& limits = call.limits();
    const auto type = fields->text("type", {.least = 1, .most = 10});
    const auto company_id = fields->optional_id("company_id");
    if (type == word(ConversationType::direct)) {
        const auto user_id = fields->id("user_id");
        if (call.accept(*fields)) open_with(call, user_id, company_id, is_online);
        return;
    }
    if (type != word(ConversationType::group) && fields->ok()) {
        fields->fail("type", "The selected type is invalid.");
    }
    const auto title = fields->text("title", {.least = 1, .most = limits.max_title_length});
    const auto user_ids = fields->ids("user_ids", limits.max_group_participants);
    if (call.accept(*fields)) create_with(call, title, user_ids, company_id, is_online);
}

void get(Call& call, const IsOnline& is_online) {
    const auto id = call.path_id("id", "Conversation");
    if (!id) return;
    call.read([id = *id](store::Transaction& transaction,
                         const Actor& actor) { return answered(transaction, actor.user_id, id, 200); },
              row_answer(is_online));
}

void change(Call& call, const IsOnline& is_online) {
    const auto id = call.path_id("id", "Conversation");
    if (!id) return;
    auto fields = call.body();
    if (!fields) return;
    const auto title = fields->optional_text("title", {.least = 1, .most = call.limits().max_title_length});
    const auto muted = fields->optional_boolean("muted");
    if (!call.accept(*fields)) return;
    call.write(
        [=, id = *id](Change& change, const Actor& actor) -> Result<Answered> {
            auto changed = change_conversation(change, actor, id, {.title = title, .muted = muted});
            if (!changed) return tl::unexpected(std::move(changed.error()));
            return answered(change.transaction(), actor.user_id, id, 200);
        },
        row_answer(is_online));
}

void add(Call& call, const IsOnline& is_online) {
    const auto id = call.path_id("id", "Conversation");
    if (!id) return;
    auto fields = call.body();
    if (!fields) return;
    const bool several = fields->has("user_ids");
    auto user_ids = several ? fields->ids("user_ids", call.limits().max_group_participants)
                            : std::vector<Id>{fields->id("user_id")};
    if (several && user_ids.empty() && fields->ok()) {
        fields->fail("user_ids", "The user_ids field is required.");
    }
    if (!call.accept(*fields)) return;
    call.write(
        [=, id = *id, user_ids = std::move(user_ids)](Change& change,
                                                      const Actor& actor) -> Result<Answered> {
            const auto added =
                add_participants(change, actor, id, user_ids, several ? "user_ids" : "user_id");
            if (!added) return tl::unexpected(added.error());
            return answered(change.transaction(), actor.user_id, id, 200);
        },
        row_answer(is_online));
}

void remove(Call& call) {
    const auto id = call.path_id("id", "Conversation");
    if (!id) return;
    const auto user_id = call.path_id("userId", "Participant");
    if (!user_id) return;
    call.write(
        [id = *id, user_id = *user_id](Change& change, const Actor& actor) -> Result<bool> {
            const auto removed = remove_participant(change, actor, id, user_id);
            if (!removed) return tl::unexpected(removed.error());
            return true;
        },
        [](bool) { return no_content(); });
}

}  // namespace

void add_conversations_routes(Routes& routes, IsOnline is_online) {
    const auto with_online = [&is_online](void (*handle)(Call&, const IsOnline&)) {
        return [handle, is_online](Call& call) { handle(call, is_online); };
    };
    routes.add("GET", "/api/chat/conversations", with_online(list));
    routes.add("POST", "/api/chat/conversations", with_online(create));
    routes.add("GET", "/api/chat/conversations/{id}", with_online(get));
    routes.add("PATCH", "/api/chat/conversations/{id}", with_online(change));
    routes.add("POST", "/api/chat/conversations/{id}/participants", with_online(add));
    routes.add("DELETE", "/api/chat/conversations/{id}/participants/{userId}", remove);
}

}  // namespace parley::chat
