#include "api/routes.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "api/answers.hpp"
#include "base/utf8.hpp"
#include "pusher/channel_name.hpp"
#include "pusher/quote.hpp"
#include "pusher/user_data.hpp"

namespace parley::api {

namespace {

constexpr std::string_view key_header = "X-Idempotency-Key";

using pusher::RefusalCode;

Refusal unavailable(RefusalCode code, std::string sentence) {
    return {.status = 503, .code = code, .sentence = std::move(sentence), .headers = {{"Retry-After", "1"}}};
}

Refusal too_many(std::string_view limit_name, std::int64_t limit, std::uint64_t points,
                 std::uint64_t remaining) {
    const bool never = exceeds(points, limit);
    Refusal refusal{.status = 429,
                    .code = RefusalCode::rate_limit,
                    .sentence = fmt::format("The request counts {} against limits.{}, which is {}; {}.",
                                            points, limit_name, limit,
                                            never ? std::string("it can never succeed")
                                                  : fmt::format("{} are left in this second", remaining))};
    if (!never) refusal.headers.emplace_back("Retry-After", "1");
    refusal.headers.emplace_back("X-RateLimit-Limit", std::to_string(limit));
    refusal.headers.emplace_back("X-RateLimit-Remaining", std::to_string(remaining));
    return refusal;
}

/// Uses `points` of `limit` if there is one.
std::optional<Refusal> refuse_or_count(SharedRateWindow& window, std::uint64_t now_ms, std::uint64_t points,
                                       std::string_view limit_name, std::int64_t limit) {
    if (limit == unlimited) return std::nullopt;
    const auto admission = window.admit(now_ms, points, static_cast<std::uint32_t>(limit));
    if (admission.admitted) return std::nullopt;
    return too_many(limit_name, limit, points, admission.remaining);
}

hub::Event event_of(const PublishRequest& request) {
    return {request.name, request.data, request.channels, request.except};
}

/// What publishing `events` counts against max_backend_events_per_second: one for each event and channel.
std::uint64_t count_points(std::span<const hub::Event> events) {
    std::uint64_t points = 0;
    for (const auto& event : events) points += event.channels.size();
    return points;
}

/// Why nothing is published under `key`; `place` stands in front of it.
Refusal refuse_key(IdempotentPublishes::Error error, std::string_view place, std::string_view key,
                   const Limits& limits) {
    const auto quoted = pusher::quote(key);
    switch (error) {
        case IdempotentPublishes::Error::other_request:
            return {.status = 400,
                    .code = RefusalCode::idempotency_key_reused,
                    .sentence = fmt::format("{}The idempotency key {} was given to another request less than "
                                            "limits.publish_idempotency_key_age, {}, seconds ago.",
                                            place, quoted, limits.publish_idempotency_key_age)};
        case IdempotentPublishes::Error::in_progress:
            return unavailable(
                RefusalCode::idempotency_key_in_progress,
                fmt::format("{}A request with the idempotency key {} is being served right now.", place,
                            quoted));
        case IdempotentPublishes::Error::full:
            break;
    }
    return unavailable(RefusalCode::idempotency_full,
                       fmt::format("{}There is no room for the idempotency key {} "
                                   "(limits.max_publish_idempotency_bytes); nothing was published.",
                                   place, quoted));
}

/// The channel that a path names, checked.
tl::expected<pusher::ChannelKind, Refusal> check_channel(std::string_view name, const Limits& limits) {
    const auto checked =
        pusher::check_channel_name(name, static_cast<std::size_t>(limits.max_channel_name_length));
    if (checked) return pusher::classify(name);
    return refuse(
        400, code_of(checked.error()),
        fmt::format("The channel name {} {}.", pusher::quote(name), pusher::describe(checked.error())));
}

/// What a request wants to know of one channel, if that kind of channel has it.
tl::expected<Attributes, Refusal> check_info(const pusher::Query& query, std::string_view channel,
                                             pusher::ChannelKind kind) {
    auto info = parse_attributes(query.find("info").value_or(""), CacheAttribute::known);
    if (!info) return info;
    if (info->user_count && !is_presence(kind))
        return refuse(400, RefusalCode::user_count_needs_presence,
                      fmt::format("user_count is known of presence channels only; '{}' is none.", channel));
    if (info->cache && !is_cache(kind))
        return refuse(400, RefusalCode::cache_needs_cache_channel,
                      fmt::format("cache is known of cache channels only; '{}' is none.", channel));
    return info;
}

}  // namespace

PusherApi::PusherApi(const Services& services, std::string path_prefix, std::size_t json_depth_max)
    : services_(services),
      path_prefix_(path_prefix),
      authenticator_(services.directory, services.clock, std::move(path_prefix)),
      parser_(json_depth_max) {}

void PusherApi::add_routes(http::Router& router) {
    add(router, "POST", "/apps/{id}/events", &PusherApi::publish_event);
    add(router, "POST", "/apps/{id}/batch_events", &PusherApi::publish_batch);
    add(router, "GET", "/apps/{id}/connections", &PusherApi::count_connections);
    add(router, "GET", "/apps/{id}/channels", &PusherApi::list_channels);
    add(router, "GET", "/apps/{id}/channels/{channel}", &PusherApi::show_channel);
    add(router, "GET", "/apps/{id}/channels/{channel}/users", &PusherApi::list_users);
    add(router, "POST", "/apps/{id}/users/{user}/terminate_connections", &PusherApi::terminate_connections);
    // As the Python library asks for it: the app is that of the key.
    add(router, "POST", "/users/{user}/terminate_connections", &PusherApi::terminate_connections);
    for (const std::string_view path : {"/apps", "/users"})
        router.refuse_below(path_prefix_ + std::string(path),
                            [this](const http::Request& request, int status, std::string_view message) {
                                return answer_lost(request, status, message);
                            });
}

void PusherApi::add(http::Router& router, std::string_view method, std::string_view path, Handler handler) {
    const bool names_app = path.starts_with("/apps/{id}/");
    router.add(
        method, path_prefix_ + std::string(path),
        [this, handler, names_app](const http::Request& request, const http::PathParameters& parameters) {
            const auto begun_us = metrics::steady_us();
            const auto caller = names_app ? authenticator_.authenticate(request, parameters["id"])
                                          : authenticator_.authenticate_by_key(request);
            const auto* app = caller ? &caller->app : nullptr;
            if (!caller && names_app) app = services_.directory.find_app_by_id(parameters["id"]);
            auto answer = caller ? (this->*handler)(request, parameters, *caller)
                                 : Answer(tl::unexpected(caller.error()));
            auto response = answer ? std::move(*answer) : answer_refused(request, app, answer.error());
            count(app, request, response, begun_us);
            return response;
        });
}

void PusherApi::count(const hub::App* app, const http::Request& request, const http::Response& response,
                      std::uint64_t begun_us) {
    if (app == nullptr) return;
    auto& counters = services_.counters.of(app->index);
    counters.api_requests.add();
    counters.api_bytes_received.add(request.body.size());
    counters.api_bytes_sent.add(response.content().size());
    counters.api_durations.record(metrics::steady_us() - begun_us);
}

void PusherApi::count_rate_check(const hub::App& app, std::int64_t limit, bool refused) {
    if (limit == unlimited) return;
    auto& counters = services_.counters.of(app.index);
    counters.rate_checks.add();
    if (refused) counters.rate_refusals.add();
}

void PusherApi::count_idempotent(const hub::App& app, const IdempotentPublishes::Attempt& attempt) {
    auto& counters = services_.counters.of(app.index);
    counters.idempotent_publishes.add();
    if (attempt.earlier_answer()) counters.idempotent_repeats.add();
}

PusherApi::Answer PusherApi::publish_event(const http::Request& request,
                                           const http::PathParameters& /*parameters*/, const Caller& caller) {
    const auto event = request.body.empty() ? parse_publish_query(caller.query, caller.app.limits())
                                            : parse_publish_body(parser_, request.body, caller.app.limits());
    if (!event) return tl::unexpected(event.error());
    const auto header_key = check_idempotency_key(request.find_header(key_header), caller.app.limits());
    if (!header_key) return tl::unexpected(header_key.error());
    const auto& key = event->idempotency_key ? event->idempotency_key : *header_key;
    if (*header_key && *header_key != key)
        return refuse(400, RefusalCode::idempotency_key_invalid,
                      "X-Idempotency-Key and 'idempotency_key' differ; one is enough.");

    const auto publish = [&]() -> Answer {
        const auto to_publish = event_of(*event);
        if (auto refused = refuse_or_publish(caller.app, {&to_publish, 1}))
            return tl::unexpected(std::move(*refused));
        return http::json_response(200, publish_answer(services_.directory, caller.app, *event));
    };
    if (!key) return publish();
    return publish_once(caller.app, *key, fingerprint(Keyed::event, {&*event, 1}), publish);
}

PusherApi::Answer PusherApi::publish_batch(const http::Request& request,
                                           const http::PathParameters& /*parameters*/, const Caller& caller) {
    const auto events = parse_batch_body(parser_, request.body, caller.app.limits());
    if (!events) return tl::unexpected(events.error());
    const auto key = check_idempotency_key(request.find_header(key_header), caller.app.limits());
    if (!key) return tl::unexpected(key.error());
    const auto publish = [&] { return publish_events(caller.app, *events); };
    if (!*key) return publish();
    if (std::ranges::any_of(*events, [](const auto& event) { return event.idempotency_key.has_value(); }))
        return refuse(400, RefusalCode::idempotency_key_invalid,
                      "A batch has X-Idempotency-Key, or its events have 'idempotency_key', not both.");
    return publish_once(caller.app, **key, fingerprint(Keyed::batch, *events), publish);
}

PusherApi::Answer PusherApi::publish_once(const hub::App& app, std::string_view key, std::string fingerprint,
                                          const std::function<Answer()>& publish) {
    auto attempt = services_.shared.idempotent_publishes.begin(app, key, std::move(fingerprint),
                                                               services_.clock.steady_ms());
    if (!attempt) return tl::unexpected(refuse_key(attempt.error(), "", key, app.limits()));
    count_idempotent(app, *attempt);
    if (const auto& earlier = attempt->earlier_answer()) return http::json_response(200, *earlier);
    auto answer = publish();
    if (answer) attempt->finish(std::string(answer->content()));
    return answer;
}

PusherApi::Answer PusherApi::publish_events(const hub::App& app, std::span<const PublishRequest> requests) {
    auto attempts = begin_all(app, requests);
    if (!attempts) return tl::unexpected(std::move(attempts.error()));
    std::vector<hub::Event> events;
    events.reserve(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i)
        if (const auto& attempt = (*attempts)[i]; !attempt || !attempt->earlier_answer())
            events.push_back(event_of(requests[i]));
    if (!events.empty())
        if (auto refused = refuse_or_publish(app, events)) return tl::unexpected(std::move(*refused));

    std::vector<std::string> answers;
    answers.reserve(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto& attempt = (*attempts)[i];
        const auto earlier = attempt ? attempt->earlier_answer() : std::nullopt;
        answers.push_back(earlier ? *earlier : event_of_batch_answer(services_.directory, app, requests[i]));
        if (attempt && !earlier) attempt->finish(answers.back());
    }
    return http::json_response(200, batch_answer(requests, answers));
}

tl::expected<PusherApi::Attempts, Refusal> PusherApi::begin_all(const hub::App& app,
                                                                std::span<const PublishRequest> requests) {
    Attempts attempts;
    attempts.reserve(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
        attempts.emplace_back();
        const auto& key = requests[i].idempotency_key;
        if (!key) continue;
        auto attempt = services_.shared.idempotent_publishes.begin(
            app, *key, fingerprint(Keyed::event_of_batch, requests.subspan(i, 1)),
            services_.clock.steady_ms());
        if (!attempt)
            return tl::unexpected(
                refuse_key(attempt.error(), fmt::format("batch[{}]: ", i), *key, app.limits()));
        count_idempotent(app, *attempt);
        attempts.back().emplace(std::move(*attempt));
    }
    return attempts;
}

std::optional<Refusal> PusherApi::refuse_or_publish(const hub::App& app, std::span<const hub::Event> events) {
    const auto per_second_max = app.limits().max_backend_events_per_second;
    auto refused = refuse_or_count(services_.shared.rate_limits.publishing(app), services_.clock.steady_ms(),
                                   count_points(events), "max_backend_events_per_second", per_second_max);
    count_rate_check(app, per_second_max, refused.has_value());
    if (refused) return refused;
    if (services_.publisher.publish(app, events)) return std::nullopt;
    return unavailable(RefusalCode::overloaded,
                       "Too much waits for delivery (limits.max_waiting_bytes); nothing was published.");
}

std::optional<Refusal> PusherApi::refuse_or_read(const hub::App& app) {
    const auto per_second_max = app.limits().max_read_requests_per_second;
    auto refused = refuse_or_count(services_.shared.rate_limits.reading(app), services_.clock.steady_ms(), 1,
                                   "max_read_requests_per_second", per_second_max);
    count_rate_check(app, per_second_max, refused.has_value());
    return refused;
}

PusherApi::Answer PusherApi::list_channels(const http::Request& /*request*/,
                                           const http::PathParameters& /*parameters*/, const Caller& caller) {
    if (auto refused = refuse_or_read(caller.app)) return tl::unexpected(std::move(*refused));
    const auto prefix = caller.query.find("filter_by_prefix").value_or("");
    const auto info = parse_attributes(caller.query.find("info").value_or(""), CacheAttribute::unknown);
    if (!info) return tl::unexpected(info.error());
    if (info->user_count && !is_presence(pusher::classify(prefix)))
        return refuse(
            400, RefusalCode::user_count_needs_presence,
            fmt::format("user_count needs a filter_by_prefix that begins with 'presence-'; it is {}.",
                        pusher::quote(prefix)));
    return http::json_response(200, channels_answer(services_.directory.channels(caller.app, prefix), *info));
}

PusherApi::Answer PusherApi::show_channel(const http::Request& /*request*/,
                                          const http::PathParameters& parameters, const Caller& caller) {
    if (auto refused = refuse_or_read(caller.app)) return tl::unexpected(std::move(*refused));
    const auto channel = parameters["channel"];
    const auto kind = check_channel(channel, caller.app.limits());
    if (!kind) return tl::unexpected(kind.error());
    const auto info = check_info(caller.query, channel, *kind);
    if (!info) return tl::unexpected(info.error());
    return http::json_response(200, channel_answer(services_.directory, caller.app, channel, *info));
}

PusherApi::Answer PusherApi::list_users(const http::Request& /*request*/,
                                        const http::PathParameters& parameters, const Caller& caller) {
    if (auto refused = refuse_or_read(caller.app)) return tl::unexpected(std::move(*refused));
    const auto channel = parameters["channel"];
    const auto kind = check_channel(channel, caller.app.limits());
    if (!kind) return tl::unexpected(kind.error());
    if (!is_presence(*kind))
        return refuse(400, RefusalCode::not_a_presence_channel,
                      fmt::format("Only presence channels have users; '{}' is none.", channel));
    const auto info = caller.query.find("with_user_info") == "1" ? UserInfo::included : UserInfo::left_out;
    return http::json_response(200, users_answer(services_.directory.users(caller.app, channel), info));
}

PusherApi::Answer PusherApi::count_connections(const http::Request& /*request*/,
                                               const http::PathParameters& /*parameters*/,
                                               const Caller& caller) {
    if (auto refused = refuse_or_read(caller.app)) return tl::unexpected(std::move(*refused));
    return http::json_response(
        200, fmt::format(R"({{"connections":{}}})", services_.directory.connection_count(caller.app)));
}

PusherApi::Answer PusherApi::terminate_connections(const http::Request& /*request*/,
                                                   const http::PathParameters& parameters,
                                                   const Caller& caller) {
    const auto user_id = parameters["user"];
    if (!is_valid_utf8(user_id) || count_code_points(user_id) > pusher::user_id_characters_max)
        return refuse(400, RefusalCode::user_id_invalid,
                      fmt::format("The user id {} is not 1 to {} characters of UTF-8.",
                                  pusher::quote(user_id), pusher::user_id_characters_max));
    services_.control.close_user(caller.app, user_id, pusher::CloseCode::unauthorised,
                                 "The application has ended the connections of this user.");
    return http::json_response(200, "{}");
}

}  // namespace parley::api
