#include "chat/http/typing_routes.hpp"

#include "chat/access.hpp"
#include "chat/conversations.hpp"

namespace parley::chat {

namespace {

/// The conversation that a request names, or the general one of its company.
Result<Id> choose_conversation(store::Transaction& transaction, Id user_id, std::optional<Id> conversation_id,
                               std::optional<Id> company_id) {
    if (conversation_id) return *conversation_id;
    const auto company = choose_company(transaction, user_id, company_id);
    if (!company) return tl::unexpected(company.error());
    return find_general(transaction, user_id, *company).map([](const Conversation& general) {
        return general.id;
    });
}

void tell(Call& call, Typing& typing) {
    auto fields = call.body();
    if (!fields) return;
    const auto conversation_id = fields->optional_id("conversation_id");
    const auto company_id = fields->optional_id("company_id");
    const auto starts = fields->optional_boolean("typing").value_or(true);
    if (!call.accept(*fields)) return;
    call.announce(
        [=, &typing](Change& change, const Actor& actor) -> Result<bool> {
            auto& transaction = change.transaction();
            const auto id = choose_conversation(transaction, actor.user_id, conversation_id, company_id);
            if (!id) return tl::unexpected(id.error());
            auto event = describe_typing(transaction, actor, *id, starts);
            if (!event) return tl::unexpected(std::move(event.error()));
            if (starts) {
                // Last, as it counts: nothing after it can make the work run again.
                auto started = typing.start(actor.user_id, *id, change.now());
                if (!started) return tl::unexpected(std::move(started.error()));
            } else {
                typing.stop(actor.user_id, *id);
            }
            change.announce(std::move(*event));
            return true;
        },
        [](bool) { return no_content(); });
}

}  // namespace

void add_typing_routes(Routes& routes, Typing& typing) {
    routes.add("POST", "/api/chat/typing", [&typing](Call& call) { tell(call, typing); });
}

}  // namespace parley::chat
