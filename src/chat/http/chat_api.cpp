#include "chat/http/chat_api.hpp"

#include "chat/http/answers.hpp"
#include "chat/http/attachments_routes.hpp"
#include "chat/http/broadcasting_routes.hpp"
#include "chat/http/campaigns_routes.hpp"
#include "chat/http/companies_routes.hpp"
#include "chat/http/conversations_routes.hpp"
#include "chat/http/cors.hpp"
#include "chat/http/messages_routes.hpp"
#include "chat/http/money_routes.hpp"
#include "chat/http/notifications_routes.hpp"
#include "chat/http/online_routes.hpp"
#include "chat/http/openapi.hpp"
#include "chat/http/people_routes.hpp"
#include "chat/http/reads_routes.hpp"
#include "chat/http/search_routes.hpp"
#include "chat/http/sync_routes.hpp"
#include "chat/http/typing_routes.hpp"

namespace parley::chat {

namespace {

/// What has no route is refused in the shape of the API, too, and readable for pages of other origins.
void refuse_unknown(http::Router& router, const Backend& backend) {
    const auto refuse = [&backend](const http::Request& request, int status, std::string_view message) {
        auto response = answer(status, [&](json::Writer& writer) {
            writer.begin_object()
                .name("message")
                .string(message)
                .name("code")
                .string(status == 404 ? "not_found" : "method_not_allowed")
                .end_object();
        });
        allow_origin(response, allowed_origin(backend.allowed_origins.get(), request));
        return response;
    };
    for (const auto* const prefix : {"/api/", "/broadcasting/"}) router.refuse_below(prefix, refuse);
}

void add_description(Routes& routes) {
    routes.add_open("GET", "/api/openapi.json", [](Call& call) {
        http::Response response;
        response.content_type = "application/json";
        response.static_body = openapi_document();
        call.send(std::move(response));
    });
}

}  // namespace

void add_chat_api(http::Router& router, json::Parser& parser, ApiServices& services) {
    Routes routes(router, services.backend, parser);
    const auto is_online = [&online = services.online](Id user_id) { return online.is_online(user_id); };
    add_accounts_routes(routes, services.sign_in);
    add_people_routes(routes, is_online);
    add_companies_routes(routes, is_online);
    add_broadcasting_routes(routes, services.app, services.sockets);
    add_conversations_routes(routes, is_online);
    add_messages_routes(routes, services.typing, services.messages);
    add_reads_routes(routes);
    add_attachments_routes(routes, services.attachments);
    add_typing_routes(routes, services.typing);
    add_online_routes(routes, [&online = services.online] { return online.online_users(); });
    add_search_routes(routes);
    add_sync_routes(routes);
    add_notifications_routes(routes);
    add_campaigns_routes(routes);
    add_money_routes(routes);
    add_description(routes);
    refuse_unknown(router, services.backend);
}

}  // namespace parley::chat
