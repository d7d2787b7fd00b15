#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/authentication.hpp"
#include "api/publish_request.hpp"
#include "api/shared_state.hpp"
#include "base/clock.hpp"
#include "http/router.hpp"
#include "hub/control.hpp"
#include "hub/directory.hpp"
#include "hub/publisher.hpp"
#include "hub/rate_window.hpp"
#include "json/parser.hpp"

namespace parley::api {

/// What the API works on. All of it outlives the API.
struct Services {
    const hub::Directory& directory;
    hub::Publisher& publisher;
    hub::Control& control;
    const Clock& clock;
    SharedState& shared;
};

/// The Pusher HTTP API: publishing, reading which channels are occupied and by whom, ending the connections
/// of a user. One per loop; not thread-safe.
class PusherApi {
public:
    /// `path_prefix`: what stands in front of the paths, without slash at the end; may be empty.
    /// `json_depth_max`: limits.max_json_depth.
    PusherApi(const Services& services, std::string path_prefix, std::size_t json_depth_max);
    PusherApi(const PusherApi&) = delete;
    PusherApi& operator=(const PusherApi&) = delete;

    /// Adds the routes to the router of this loop, which must not outlive the API.
    void add_routes(http::Router& router);

private:
    using Caller = Authenticator::Authenticated;
    using Handler = http::Response (PusherApi::*)(const http::Request&, const http::PathParameters&,
                                                  const Caller&);

    /// Says in the log why a request was refused; no more often than an operator can read.
    [[nodiscard]] http::Response logged(const http::Request& request, http::Response response);

    void add(http::Router& router, std::string_view method, std::string_view path, Handler handler);

    http::Response publish_event(const http::Request& request, const http::PathParameters& parameters,
                                 const Caller& caller);
    http::Response publish_batch(const http::Request& request, const http::PathParameters& parameters,
                                 const Caller& caller);
    http::Response list_channels(const http::Request& request, const http::PathParameters& parameters,
                                 const Caller& caller);
    http::Response show_channel(const http::Request& request, const http::PathParameters& parameters,
                                const Caller& caller);
    http::Response list_users(const http::Request& request, const http::PathParameters& parameters,
                              const Caller& caller);
    http::Response terminate_connections(const http::Request& request, const http::PathParameters& parameters,
                                         const Caller& caller);

    http::Response count_connections(const http::Request& request, const http::PathParameters& parameters,
                                     const Caller& caller);

    /// Has `publish` publish something unless that has been done under `key` before; the answer is the same.
    [[nodiscard]] http::Response publish_once(const hub::App& app, std::string_view key,
                                              std::string fingerprint,
                                              const std::function<http::Response()>& publish);

    /// Publishes the events of a batch, but for those that have been published under their keys before.
    [[nodiscard]] http::Response publish_events(const hub::App& app,
                                                std::span<const PublishRequest> requests);

    /// For each of `requests` its attempt, if it has a key; or the answer that says why there is none.
    using Attempts = std::vector<std::optional<IdempotentPublishes::Attempt>>;
    [[nodiscard]] tl::expected<Attempts, http::Response> begin_all(const hub::App& app,
                                                                   std::span<const PublishRequest> requests);

    /// Publishes all `events`, or none and returns the answer that says why.
    [[nodiscard]] std::optional<http::Response> refuse_or_publish(const hub::App& app,
                                                                  std::span<const hub::Event> events);

    /// Counts a reading request, or returns the answer that says that there were too many.
    [[nodiscard]] std::optional<http::Response> refuse_or_read(const hub::App& app);

    Services services_;
    std::string path_prefix_;
    Authenticator authenticator_;
    json::Parser parser_;
    hub::RateWindow logged_refusals_;
};

/// Adds `GET /live`, 200 while the process serves, and `GET /ready`, 200 while new work is welcome and 503
/// while the server drains.
void add_health_routes(http::Router& router, const hub::Directory& directory);

}  // namespace parley::api
