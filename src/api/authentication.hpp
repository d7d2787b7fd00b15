#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "api/refusal.hpp"
#include "base/clock.hpp"
#include "crypto/hmac.hpp"
#include "http/request.hpp"
#include "hub/directory.hpp"
#include "pusher/query.hpp"

namespace parley::api {

/// Finds out which app a request speaks for and whether it may. One per loop; not thread-safe.
class Authenticator {
public:
    /// `path_prefix`: what stands in front of the paths of the API, without slash at the end.
    Authenticator(const hub::Directory& directory, const Clock& clock, std::string path_prefix)
        : directory_(directory), clock_(clock), path_prefix_(std::move(path_prefix)) {}

    /// A request whose signature was right.
    struct Authenticated {
        const hub::App& app;
        pusher::Query query;
    };

    /// 404: no app has `app_id`; 400: a parameter of the query stands twice; 401: the signature (see
    /// `pusher::verify_request`).
    [[nodiscard]] tl::expected<Authenticated, Refusal> authenticate(const http::Request& request,
                                                                    std::string_view app_id);

    /// The same for a request whose path names no app: it is that of `auth_key`, else 401.
    [[nodiscard]] tl::expected<Authenticated, Refusal> authenticate_by_key(const http::Request& request);

private:
    [[nodiscard]] tl::expected<Authenticated, Refusal> verify(const http::Request& request,
                                                              const hub::App& app, pusher::Query query);
    crypto::HmacSha256& signer_of(const hub::App& app);

    const hub::Directory& directory_;
    const Clock& clock_;
    std::string path_prefix_;
    std::unordered_map<const hub::App*, crypto::HmacSha256> signers_;  // keying anew is four times slower
};

}  // namespace parley::api
