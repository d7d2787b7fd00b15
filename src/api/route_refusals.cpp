#include <fmt/format.h>

#include "api/routes.hpp"
#include "base/text.hpp"
#include "http/request_error.hpp"
#include "pusher/quote.hpp"

// What the HTTP API says of requests that it does not serve.
namespace parley::api {

namespace {

using pusher::RefusalCode;
using pusher::RefusalKind;

constexpr std::int64_t logged_refusals_per_second_max = 20;  // of one loop

RefusalKind kind_of(const http::Request& request) {
    const bool publishes = request.method == "POST" &&
                           (request.path.ends_with("/events") || request.path.ends_with("/batch_events"));
    return publishes ? RefusalKind::publish : RefusalKind::request;
}

/// Of a request without a route: 404 or 405.
RefusalCode code_of_lost(int status) {
    constexpr int not_found = 404;
    return status == not_found ? RefusalCode::unknown_endpoint : RefusalCode::method_not_allowed;
}

/// Where in a path an address of ours begins: the place of `mark`, a segment, and the segment behind it.
struct Place {
    std::string_view prefix;
    std::string name;  // decoded
};

std::optional<Place> find_address(std::string_view path, std::string_view mark) {
    const auto at = path.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const auto rest = path.substr(at + mark.size());
    return Place{path.substr(0, at), percent_decode(rest.substr(0, rest.find('/')))};
}

}  // namespace

http::Response PusherApi::answer_refused(const http::Request& request, const hub::App* app,
                                         const Refusal& refusal) {
    auto& journal = services_.refusals;
    const auto app_id = app == nullptr ? std::string() : app->id;
    const auto told = journal.told(refusal.sentence, refusal.code, refusal.compared, app_id);
    const bool logged = logged_refusals_.admit(services_.clock.steady_ms(), logged_refusals_per_second_max);
    journal.add({.kind = kind_of(request),
                 .code = refusal.code,
                 .status = refusal.status,
                 .sentence = refusal.sentence,
                 .compared = refusal.compared,
                 .app_id = app_id,
                 .peer = request.client_address(),
                 .request = fmt::format("{} {}", request.method, request.path)},
                hub::RefusalJournal::LogLine(logged));
    return refusal_response(refusal, told);
}

http::Response PusherApi::answer_lost(const http::Request& request, int status, std::string_view message) {
    if (const auto stray = explain_stray_path(request.path)) return answer_refused(request, nullptr, *stray);
    return answer_refused(request, nullptr, {status, code_of_lost(status), std::string(message)});
}

void PusherApi::refuse_stray_paths(http::Router& router) {
    router.refuse_below("", [this](const http::Request& request, int status, std::string_view message) {
        if (const auto stray = explain_stray_path(request.path))
            return answer_refused(request, nullptr, *stray);
        // Anybody asks for anything: that is answered, and fills nobody's journal.
        const Refusal refusal{status, code_of_lost(status), std::string(message)};
        return refusal_response(refusal, message);
    });
}

/// Whether `path` is an address of one of our apps, but for what stands in front of it.
std::optional<Refusal> PusherApi::explain_stray_path(std::string_view path) const {
    auto place = find_address(path, "/apps/");
    if (place && services_.directory.find_app_by_id(place->name) == nullptr) place.reset();
    if (!place) {
        place = find_address(path, "/app/");
        if (place && services_.directory.find_app_by_key(place->name) == nullptr) place.reset();
    }
    if (!place || place->prefix == path_prefix_) return std::nullopt;
    if (place->prefix.empty())
        return Refusal{404, RefusalCode::path_prefix_removed,
                       fmt::format("Nothing is at {}: the path lacks {} (path_prefix).", http::excerpt(path),
                                   pusher::quote(path_prefix_))};
    return Refusal{
        404, RefusalCode::path_prefix_added,
        fmt::format("Nothing is at {}: the path has {} in front, path_prefix is {}.", http::excerpt(path),
                    pusher::quote(place->prefix), pusher::quote(path_prefix_))};
}

}  // namespace parley::api
