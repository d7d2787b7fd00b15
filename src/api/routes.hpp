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
#include "hub/app_counters.hpp"
#include "hub/control.hpp"
#include "hub/directory.hpp"
#include "hub/publisher.hpp"
#include "hub/rate_window.hpp"
#include "hub/refusal_journal.hpp"
#include "json/parser.hpp"
#include "metrics/slots.hpp"

namespace parley::api {

/// What the API works on. All of it outlives the API.
struct Services {
    const hub::Directory& directory;
    hub::Publisher& publisher;
    hub::Control& control;
    const Clock& clock;
    SharedState& shared;
    metrics::Slots<hub::AppCounters>& counters;  // of the loop, by app
    hub::RefusalJournal& refusals;
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

    /// Has the router say whether paths that nothing is at look like ours behind another prefix. After all
    /// other refusers were added.
    void refuse_stray_paths(http::Router& router);

    /// Frees what is kept for further requests. Not from within one.
    void release_memory() { parser_.release_memory(); }

private:
    using Caller = Authenticator::Authenticated;
    using Answer = tl::expected<http::Response, Refusal>;
    using Handler = Answer (PusherApi::*)(const http::Request&, const http::PathParameters&, const Caller&);

    /// Answers that a request, of `app` if one is known, is refused, and notes that for operators: in the log
    /// no more often than they can read.
    [[nodiscard]] http::Response answer_refused(const http::Request& request, const hub::App* app,
                                                const Refusal& refusal);

    /// The same where there is no route; `status` is 404 or 405.
    [[nodiscard]] http::Response answer_lost(const http::Request& request, int status,
                                             std::string_view message);
    [[nodiscard]] std::optional<Refusal> explain_stray_path(std::string_view path) const;

    void add(http::Router& router, std::string_view method, std::string_view path, Handler handler);

    /// Counts a request, for the app if one is known, and its answer.
    void count(const hub::App* app, const http::Request& request, const http::Response& response,
               std::uint64_t begun_us);
    void count_rate_check(const hub::App& app, std::int64_t limit, bool refused);
    void count_idempotent(const hub::App& app, const IdempotentPublishes::Attempt& attempt);

    Answer publish_event(const http::Request& request, const http::PathParameters& parameters,
                         const Caller& caller);
    Answer publish_batch(const http::Request& request, const http::PathParameters& parameters,
                         const Caller& caller);
    Answer list_channels(const http::Request& request, const http::PathParameters& parameters,
                         const Caller& caller);
    Answer show_channel(const http::Request& request, const http::PathParameters& parameters,
                        const Caller& caller);
    Answer list_users(const http::Request& request, const http::PathParameters& parameters,
                      const Caller& caller);
    Answer terminate_connections(const http::Request& request, const http::PathParameters& parameters,
                                 const Caller& caller);

    Answer count_connections(const http::Request& request, const http::PathParameters& parameters,
                             const Caller& caller);

    /// Has `publish` publish something unless that has been done under `key` before; the answer is the same.
    [[nodiscard]] Answer publish_once(const hub::App& app, std::string_view key, std::string fingerprint,
                                      const std::function<Answer()>& publish);

    /// Publishes the events of a batch, but for those that have been published under their keys before.
    [[nodiscard]] Answer publish_events(const hub::App& app, std::span<const PublishRequest> requests);

    /// For each of `requests` its attempt, if it has a key.
    using Attempts = std::vector<std::optional<IdempotentPublishes::Attempt>>;
    [[nodiscard]] tl::expected<Attempts, Refusal> begin_all(const hub::App& app,
                                                            std::span<const PublishRequest> requests);

    /// Publishes all `events`, or none and returns why.
    [[nodiscard]] std::optional<Refusal> refuse_or_publish(const hub::App& app,
                                                           std::span<const hub::Event> events);

    /// Counts a reading request, or returns that there were too many.
    [[nodiscard]] std::optional<Refusal> refuse_or_read(const hub::App& app);

    Services services_;
    std::string path_prefix_;
    Authenticator authenticator_;
    json::Parser parser_;
    hub::RateWindow logged_refusals_;
};

}  // namespace parley::api
