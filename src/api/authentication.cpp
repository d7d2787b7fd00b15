#include "api/authentication.hpp"

#include <fmt/format.h>

#include "pusher/quote.hpp"

namespace parley::api {

tl::expected<Authenticator::Authenticated, Refusal> Authenticator::authenticate(const http::Request& request,
                                                                                std::string_view app_id) {
    const auto* const app = directory_.find_app_by_id(app_id);
    if (app == nullptr) return refuse(404, fmt::format("No app has the id {}.", pusher::quote(app_id)));
    auto query = pusher::Query::parse(request.query);
    if (!query)
        return refuse(400, fmt::format("The query has the parameter {} more than once.",
                                       pusher::quote(query.error().name)));
    const pusher::SignedRequest signed_request{request.method, request.path, request.body, path_prefix_};
    const auto verified = pusher::verify_request(signed_request, *query, {app->key, signer_of(*app)},
                                                 {clock_.unix_ms() / 1000, app->limits.max_signature_age});
    if (!verified) return tl::unexpected(verified.error());
    return Authenticated{*app, std::move(*query)};
}

crypto::HmacSha256& Authenticator::signer_of(const hub::App& app) {
    return signers_.try_emplace(&app, app.secret).first->second;
}

}  // namespace parley::api
