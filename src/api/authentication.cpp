#include "api/authentication.hpp"

#include <utility>

#include <fmt/format.h>

#include "pusher/quote.hpp"

namespace parley::api {

namespace {

tl::expected<pusher::Query, Refusal> parse_query(const http::Request& request) {
    auto query = pusher::Query::parse(request.query);
    if (query) return std::move(*query);
    return refuse(400, fmt::format("The query has the parameter {} more than once.",
                                   pusher::quote(query.error().name)));
}

}  // namespace

tl::expected<Authenticator::Authenticated, Refusal> Authenticator::authenticate(const http::Request& request,
                                                                                std::string_view app_id) {
    const auto* const app = directory_.find_app_by_id(app_id);
    if (app == nullptr) return refuse(404, fmt::format("No app has the id {}.", pusher::quote(app_id)));
    return parse_query(request).and_then(
        [&](pusher::Query query) { return verify(request, *app, std::move(query)); });
}

auto Authenticator::authenticate_by_key(const http::Request& request)
    -> tl::expected<Authenticated, Refusal> {
    auto query = parse_query(request);
    if (!query) return tl::unexpected(std::move(query.error()));
    const auto key = query->find("auth_key");
    if (!key) return refuse(401, "The query has no auth_key.");
    const auto* const app = directory_.find_app_by_key(*key);
    if (app == nullptr) return refuse(401, fmt::format("No app has the key {}.", pusher::quote(*key)));
    return verify(request, *app, std::move(*query));
}

auto Authenticator::verify(const http::Request& request, const hub::App& app, pusher::Query query)
    -> tl::expected<Authenticated, Refusal> {
    const pusher::SignedRequest signed_request{request.method, request.path, request.body, path_prefix_};
    const auto verified = pusher::verify_request(signed_request, query, {app.key, signer_of(app)},
                                                 {clock_.unix_ms() / 1000, app.limits.max_signature_age});
    if (!verified) return tl::unexpected(verified.error());
    return Authenticated{app, std::move(query)};
}

crypto::HmacSha256& Authenticator::signer_of(const hub::App& app) {
    return signers_.try_emplace(&app, app.secret).first->second;
}

}  // namespace parley::api
