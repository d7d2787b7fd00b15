#pragma once

#include <string>
#include <string_view>

#include "api/refusal.hpp"
#include "base/clock.hpp"
#include "http/request.hpp"
#include "hub/app_signers.hpp"
#include "hub/directory.hpp"
#include "hub/signature_diagnoser.hpp"
#include "pusher/query.hpp"
#include "pusher/request_signature.hpp"

namespace parley::api {

/// Finds out which app a request speaks for and whether it may. One per loop; not thread-safe.
class Authenticator {
public:
    /// `path_prefix`: what stands in front of the paths of the API, without slash at the end.
    Authenticator(const hub::Directory& directory, const Clock& clock, std::string path_prefix)
        : directory_(directory), clock_(clock), path_prefix_(std::move(path_prefix)), diagnoser_(signers_) {}
    Authenticator(const Authenticator&) = delete;
    Authenticator& operator=(const Authenticator&) = delete;

    /// A request whose signature was right.
    struct Authenticated {
        const hub::App& app;
        pusher::Query query;
    };

    /// 404: no app has `app_id`; 403: it is disabled; 400: a parameter of the query stands twice; 401: the
    /// signature (see `pusher::verify_request`).
    [[nodiscard]] tl::expected<Authenticated, Refusal> authenticate(const http::Request& request,
                                                                    std::string_view app_id);

    /// The same for a request whose path names no app: it is that of `auth_key`, else 401.
    [[nodiscard]] tl::expected<Authenticated, Refusal> authenticate_by_key(const http::Request& request);

private:
    [[nodiscard]] tl::expected<Authenticated, Refusal> verify(const http::Request& request,
                                                              const hub::App& app, pusher::Query query);
    [[nodiscard]] Refusal explain(const hub::App& app, const pusher::SuspectRequest& suspect,
                                  pusher::RequestRefusal refusal);

    const hub::Directory& directory_;
    const Clock& clock_;
    std::string path_prefix_;
    hub::AppSigners signers_;
    hub::SignatureDiagnoser diagnoser_;
};

}  // namespace parley::api
