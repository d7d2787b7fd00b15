#include "operations/operations.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "metrics/exposition.hpp"
#include "operations/health_routes.hpp"
#include "operations/local_access.hpp"
#include "operations/metrics_page.hpp"
#include "operations/process_facts.hpp"
#include "operations/status.hpp"
#include "pusher/query.hpp"

namespace parley::operations {

namespace {

constexpr std::string_view version = PARLEY_VERSION;

using http::PathParameters;
using http::Request;
using http::Response;

/// Without the parameters when they cannot be read: none of them matters much.
std::string parameter(const Request& request, std::string_view name) {
    const auto query = pusher::Query::parse(request.query);
    return query ? std::string(query->find(name).value_or("")) : std::string();
}

/// What is in it changes all the time, and is nobody else's business.
Response uncached(Response response) {
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

}  // namespace

Operations::Operations(Sources sources) : sources_(std::move(sources)) {
    add_public_routes();
    add_operator_routes();
}

void Operations::reconfigure(std::string metrics_prefix,
                             std::vector<std::pair<std::string, std::string>> settings) {
    auto sources = sources_.get();
    sources.metrics_prefix = std::move(metrics_prefix);
    sources.settings = std::move(settings);
    sources_.set(std::move(sources));
}

void Operations::add_public_routes() {
    router_.add("GET", "/", [](const Request&, const PathParameters&) { return alive(); });
    router_.add("GET", "/ready",
                [this](const Request&, const PathParameters&) { return readiness(sources_.get().hub); });
    add_later("/usage", [](const Request&) { return &memory_usage; });
    add_later("/metrics", [this](const Request& request) { return metrics(request); });
}

void Operations::add_operator_routes() {
    const auto add = [this](std::string_view path, Prepare prepare) {
        add_later(path, [prepare = std::move(prepare)](const Request& request) {
            if (const auto reason = why_not_local(request))
                return Make([text = *reason] { return http::error_response(403, text); });
            return prepare(request);
        });
    };
    add("/operator/status", [this](const Request&) {
        return [this] {
            return http::json_response(200, status_json(sources_.get(), read_process_facts(), version));
        };
    });
    add("/operator/refusals", [this](const Request& request) { return refusals(request); });
    add("/operator/webhooks", [this](const Request&) {
        return [this] { return http::json_response(200, webhooks_json(sources_.get().webhooks)); };
    });
}

void Operations::add_later(std::string_view path, Prepare prepare) {
    router_.add_deferred("GET", path,
                         [this, prepare = std::move(prepare)](const Request& request, const PathParameters&,
                                                              const http::Responder& responder) {
                             answer_later(responder, prepare(request));
                         });
}

void Operations::answer_later(const http::Responder& responder, Make make) {
    const bool accepted =
        scribe_.post([responder, make = std::move(make)] { responder.send(uncached(make())); });
    if (!accepted) responder.send(http::error_response(503, "Too many ask at once; try again."));
}

Operations::Make Operations::metrics(const Request& request) const {
    return [this, as_json = parameter(request, "json") == "1"] {
        const auto families = collect_metrics(sources_.get(), read_process_facts(), version);
        if (as_json) return http::json_response(200, metrics::exposition_json(families));
        Response response;
        response.content_type = metrics::exposition_type;
        response.body = metrics::exposition_text(families);
        return response;
    };
}

/// `?n=` is how many at most, `?app=` of which app.
Operations::Make Operations::refusals(const Request& request) const {
    const auto wanted = parse_decimal(parameter(request, "n"));
    const auto count_max = static_cast<std::size_t>(
        std::min<std::uint64_t>(wanted.value_or(UINT64_MAX), hub::RefusalJournal::entry_count_max));
    return [this, count_max, app = parameter(request, "app")] {
        return http::json_response(200, hub::refusals_json(sources_.get().hub.refusals(), count_max, app));
    };
}

}  // namespace parley::operations
