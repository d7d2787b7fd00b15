#include "http/router.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "http/request_error.hpp"

namespace parley::http {

namespace {

constexpr std::size_t segments_max = 16;  // of a path that some route may match

/// The segments of one path: `/a/b` has "a" and "b", `/` a single empty one. None when it has more than any
/// route, or does not begin with a slash.
class PathSegments {
public:
    explicit PathSegments(std::string_view path) {
        while (!path.empty() && path.front() == '/' && count_ < segments_max) {
            path.remove_prefix(1);
            segments_[count_++] = path.substr(0, path.find('/'));
            path.remove_prefix(segments_[count_ - 1].size());
        }
        if (!path.empty()) count_ = 0;
    }

    [[nodiscard]] std::span<const std::string_view> all() const { return std::span(segments_).first(count_); }

private:
    std::array<std::string_view, segments_max> segments_;
    std::size_t count_ = 0;
};

bool equals_decoded(std::string_view encoded, std::string_view text) {
    if (encoded == text) return true;
    return encoded.find('%') != std::string_view::npos && percent_decode(encoded) == text;
}

bool serves(std::string_view route_method, std::string_view method) {
    return route_method == method || (method == "HEAD" && route_method == "GET");
}

Response with_allow(Response response, std::string allowed) {
    response.headers.emplace_back("Allow", std::move(allowed));
    return response;
}

}  // namespace

std::string_view PathParameters::operator[](std::string_view name) const {
    const auto found = std::ranges::find(values_, name, &std::pair<std::string_view, std::string>::first);
    PARLEY_CHECK(found != values_.end(), "the route has no such named segment");
    return found->second;
}

void Router::add(std::string_view method, std::string_view pattern, Handler handler) {
    Route route{.method = std::string(method), .segments = {}, .handler = std::move(handler)};
    const PathSegments path(pattern);
    PARLEY_CHECK(!path.all().empty(), "a route's pattern begins with a slash and has few segments");
    for (const auto segment : path.all()) {
        const bool named = segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
        route.segments.push_back(
            {std::string(named ? segment.substr(1, segment.size() - 2) : segment), named});
    }
    routes_.push_back(std::move(route));
}

Response Router::respond(const Request& request) const {
    const PathSegments path(request.path);
    const auto segments = path.all();
    for (const auto& route : routes_)
        if (serves(route.method, request.method) && matches(route, segments))
            return route.handler(request, parameters(route, segments));

    const bool whole_server = request.path == "*";
    auto allowed = whole_server
                       ? allowed_methods([](const Route&) { return true; })
                       : allowed_methods([segments](const Route& route) { return matches(route, segments); });
    if (allowed.empty()) return error_response(404, fmt::format("Nothing is at {}.", excerpt(request.path)));
    if (request.method == "OPTIONS") {
        Response response;
        response.status = 204;
        return with_allow(std::move(response), std::move(allowed));
    }
    const auto message = fmt::format("{} is not possible on {}, only {}.", excerpt(request.method),
                                     excerpt(request.path), allowed);
    return with_allow(error_response(405, message), std::move(allowed));
}

bool Router::matches(const Route& route, std::span<const std::string_view> segments) {
    return std::ranges::equal(route.segments, segments, [](const Segment& expected, std::string_view actual) {
        return expected.named ? !actual.empty() : equals_decoded(actual, expected.text);
    });
}

PathParameters Router::parameters(const Route& route, std::span<const std::string_view> segments) {
    PathParameters parameters;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const auto& segment = route.segments[i];
        if (segment.named) parameters.values_.emplace_back(segment.text, percent_decode(segments[i]));
    }
    return parameters;
}

template <class Chosen>
std::string Router::allowed_methods(Chosen chosen) const {
    std::vector<std::string_view> methods;
    const auto allow = [&methods](std::string_view method) {
        if (std::ranges::find(methods, method) == methods.end()) methods.push_back(method);
    };
    for (const auto& route : routes_) {
        if (!chosen(route)) continue;
        allow(route.method);
        if (route.method == "GET") allow("HEAD");
    }
    if (methods.empty()) return {};
    allow("OPTIONS");
    return fmt::format("{}", fmt::join(methods, ", "));
}

}  // namespace parley::http
