#include "api/authentication.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "pusher/quote.hpp"

namespace parley::api {

namespace {

using pusher::RefusalCode;

tl::expected<pusher::Query, Refusal> parse_query(const http::Request& request) {
    auto query = pusher::Query::parse(request.query);
    if (query) return std::move(*query);
    return refuse(
        400, RefusalCode::duplicate_parameter,
        fmt::format("The query has the parameter {} more than once.", pusher::quote(query.error().name)));
}

}  // namespace

tl::expected<Authenticator::Authenticated, Refusal> Authenticator::authenticate(const http::Request& request,
                                                                                std::string_view app_id) {
    const auto* const app = directory_.find_app_by_id(app_id);
    if (app == nullptr)
        return refuse(404, RefusalCode::unknown_app,
                      fmt::format("No app has the id {}.", pusher::quote(app_id)));
    if (!app->settings().enabled)
        return refuse(403, RefusalCode::app_disabled,
                      fmt::format("The app {} is disabled.", pusher::quote(app_id)));
    return parse_query(request).and_then(
        [&](pusher::Query query) { return verify(request, *app, std::move(query)); });
}

auto Authenticator::authenticate_by_key(const http::Request& request)
    -> tl::expected<Authenticated, Refusal> {
    auto query = parse_query(request);
    if (!query) return tl::unexpected(std::move(query.error()));
    const auto key = query->find("auth_key");
    if (!key) return refuse(401, RefusalCode::auth_missing, "The query has no auth_key.");
    const auto* const app = directory_.find_app_by_key(*key);
    if (app == nullptr)
        return refuse(401, RefusalCode::unknown_key,
                      fmt::format("No app has the key {}.", pusher::quote(*key)));
    if (!app->settings().enabled)
        return refuse(403, RefusalCode::app_disabled,
                      fmt::format("The app {} is disabled.", pusher::quote(app->id)));
    return verify(request, *app, std::move(*query));
}

auto Authenticator::verify(const http::Request& request, const hub::App& app, pusher::Query query)
    -> tl::expected<Authenticated, Refusal> {
    const pusher::SignedRequest signed_request{request.method, request.path, request.body, path_prefix_};
    auto verified = pusher::verify_request(signed_request, query, signers_.credentials(app),
                                           {clock_.unix_ms() / 1000, app.limits().max_signature_age});
    if (verified) return Authenticated{app, std::move(query)};
    const auto forwarded_prefix = request.find_header("X-Forwarded-Prefix").value_or("");
    return tl::unexpected(
        explain(app, {signed_request, query, request.query, forwarded_prefix}, std::move(verified.error())));
}

/// Adds to what `pusher::verify_request` found what is behind it.
Refusal Authenticator::explain(const hub::App& app, const pusher::SuspectRequest& suspect,
                               pusher::RequestRefusal refusal) {
    Refusal explained{refusal.status, refusal.code, std::move(refusal.sentence), std::move(refusal.compared)};
    const auto& secrets = app.settings().secrets;
    if (refusal.code == RefusalCode::wrong_key &&
        std::ranges::find(secrets, suspect.query.find("auth_key").value_or("")) != secrets.end()) {
        explained.code = RefusalCode::key_is_secret;
        explained.sentence = "The secret of the app stands in auth_key, where its key belongs.";
    }
    if (refusal.code != RefusalCode::wrong_signature) return explained;
    const auto diagnosis = diagnoser_.diagnose(app, suspect, clock_.steady_ms());
    if (!diagnosis) return explained;
    explained.code = diagnosis->code;
    explained.sentence = fmt::format("auth_signature does not match: {}.", diagnosis->reason);
    return explained;
}

}  // namespace parley::api
