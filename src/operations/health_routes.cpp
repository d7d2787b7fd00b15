#include "operations/health_routes.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "operations/process_facts.hpp"
#include "pusher/quote.hpp"

namespace parley::operations {

namespace {

constexpr const char* health_header = "X-Health-Check";

http::Response draining() {
    auto response = http::error_response(503, "The server is shutting down.");
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

/// Reverb's body and sockudo's header.
http::Response up(const hub::Directory& directory) {
    const bool ready = directory.ready();
    auto response = ready ? http::json_response(200, R"({"health":"OK"})") : draining();
    response.headers.emplace_back(health_header, ready ? "OK" : "DRAINING");
    return response;
}

http::Response up_for_app(const hub::Directory& directory, std::string_view app_id) {
    if (directory.find_app_by_id(app_id) != nullptr) return up(directory);
    auto response = http::error_response(404, fmt::format("No app has the id {}.", pusher::quote(app_id)));
    response.headers.emplace_back(health_header, "NOT_FOUND");
    return response;
}

http::Response accept_traffic(const Health& health) {
    if (!health.directory.ready()) return draining();
    const auto facts = read_memory_facts();
    const auto percent = facts.memory_percent();
    if (health.memory_percent_max != unlimited && percent > static_cast<double>(health.memory_percent_max))
        return http::error_response(
            503, fmt::format("The server uses {:.1f} % of the memory, limits.accept_traffic_memory is {}.",
                             percent, health.memory_percent_max));
    return http::json_response(
        200, fmt::format(R"({{"memory":{{"usedSize":{},"totalSize":{},"percentUsage":{:.2f}}}}})",
                         facts.resident_bytes, facts.memory_bytes, percent));
}

}  // namespace

http::Response alive() {
    http::Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.static_body = "OK";
    return response;
}

http::Response readiness(const hub::Directory& directory) { return directory.ready() ? alive() : draining(); }

http::Response memory_usage() {
    const auto facts = read_memory_facts();
    const auto free = facts.memory_bytes - std::min(facts.memory_bytes, facts.resident_bytes);
    return http::json_response(
        200, fmt::format(R"({{"memory":{{"free":{},"used":{},"total":{},"percent":{:.2f}}}}})", free,
                         facts.resident_bytes, facts.memory_bytes, facts.memory_percent()));
}

void add_health_routes(http::Router& router, const Health& health, std::string_view path_prefix) {
    using http::PathParameters;
    using http::Request;
    const auto add = [&](std::string_view path, const http::Handler& handler) {
        router.add("GET", path, handler);
        if (!path_prefix.empty()) router.add("GET", std::string(path_prefix).append(path), handler);
    };
    const auto& directory = health.directory;
    add("/live", [](const Request&, const PathParameters&) { return alive(); });
    add("/ready", [&directory](const Request&, const PathParameters&) { return readiness(directory); });
    add("/up", [&directory](const Request&, const PathParameters&) { return up(directory); });
    add("/up/{id}", [&directory](const Request&, const PathParameters& parameters) {
        return up_for_app(directory, parameters["id"]);
    });
    add("/accept-traffic",
        [health](const Request&, const PathParameters&) { return accept_traffic(health); });
}

}  // namespace parley::operations
