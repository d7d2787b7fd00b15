#include "http/router.hpp"

#include <algorithm>
#include <array>
#include <span>

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

bool serves(std::string_view route_method, std::string_view method) {
    return route_method == method || (method == "HEAD" && route_method == "GET");
}

/// The name in `{name}`; empty when `segment` is a literal.
std::string_view name_in(std::string_view segment) {
    const bool named = segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
    return named ? segment.substr(1, segment.size() - 2) : std::string_view();
}

Response with_allow(Response response, std::string allowed) {
    response.headers.emplace_back("Allow", std::move(allowed));
    return response;
}

}  // namespace

/// Visits every node whose pattern matches the segments of a path.
class Router::Walk {
public:
    Walk(const Router& router, std::span<const std::string_view> segments)
        : router_(router), segments_(segments) {}

    /// The first route added that serves `method`; null when there is none.
    [[nodiscard]] const Route* find(std::string_view method) const {
        std::size_t first = router_.routes_.size();
        visit([&](const Node& node) {
            for (const auto route : node.routes) {
                if (route >= first) return;
                if (serves(router_.routes_[route].method, method)) first = route;
            }
        });
        return first < router_.routes_.size() ? &router_.routes_[first] : nullptr;
    }

    [[nodiscard]] std::vector<std::uint32_t> all() const {
        std::vector<std::uint32_t> routes;
        visit([&](const Node& node) { routes.insert(routes.end(), node.routes.begin(), node.routes.end()); });
        return routes;
    }

    [[nodiscard]] PathParameters parameters(const Route& route) const {
        PathParameters parameters;
        for (const auto& [position, name] : route.names)
            parameters.values_.emplace_back(name, percent_decode(segments_[position]));
        return parameters;
    }

private:
    template <class Visitor>
    void visit(const Visitor& visitor) const {
        if (!segments_.empty()) visit_from(router_.nodes_.front(), 0, visitor);
    }

    template <class Visitor>
    void visit_from(const Node& node, std::size_t depth, const Visitor& visitor) const {
        if (depth == segments_.size()) return visitor(node);
        const auto segment = segments_[depth];
        const auto* const literal = find_literal(node, segment);
        if (literal != nullptr) visit_from(*literal, depth + 1, visitor);
        if (segment.find('%') != std::string_view::npos) {
            const auto* const decoded = find_literal(node, percent_decode(segment));
            if (decoded != nullptr && decoded != literal) visit_from(*decoded, depth + 1, visitor);
        }
        if (node.named != 0 && !segment.empty()) visit_from(router_.nodes_[node.named], depth + 1, visitor);
    }

    [[nodiscard]] const Node* find_literal(const Node& node, std::string_view text) const {
        const auto found =
            std::ranges::lower_bound(node.literals, text, {}, &std::pair<std::string, std::uint32_t>::first);
        return found != node.literals.end() && found->first == text ? &router_.nodes_[found->second]
                                                                    : nullptr;
    }

    const Router& router_;
    std::span<const std::string_view> segments_;
};

std::string_view PathParameters::operator[](std::string_view name) const {
    const auto found = std::ranges::find(values_, name, &std::pair<std::string_view, std::string>::first);
    PARLEY_CHECK(found != values_.end(), "the route has no such named segment");
    return found->second;
}

void Router::add(std::string_view method, std::string_view pattern, Handler handler) {
    add_any(method, pattern, std::move(handler));
}

void Router::add_deferred(std::string_view method, std::string_view pattern, DeferredHandler handler) {
    add_any(method, pattern, std::move(handler));
}

void Router::add_upload(std::string_view method, std::string_view pattern, std::uint64_t body_bytes_max,
                        UploadHandler handler) {
    add_any(method, pattern, Uploader{body_bytes_max, std::move(handler)});
    upload_beginnings_.push_back({std::string(method), std::string(pattern.substr(0, pattern.find('{')))});
}

std::optional<Upload> Router::upload(const Request& head) const {
    if (!may_be_upload(head)) return std::nullopt;
    const PathSegments path(head.path);
    const Walk walk(*this, path.all());
    const auto* const route = walk.find(head.method);
    const auto* const uploader = route != nullptr ? std::get_if<Uploader>(&route->handler) : nullptr;
    if (uploader == nullptr) return std::nullopt;
    return Upload{.body_bytes_max = uploader->body_bytes_max,
                  .open = [uploader, &head, parameters = walk.parameters(*route)](BodyFlow flow) {
                      return uploader->handler(head, parameters, std::move(flow));
                  }};
}

/// Asked of every request, so that the others are not looked up twice.
bool Router::may_be_upload(const Request& head) const {
    return std::ranges::any_of(upload_beginnings_, [&head](const Beginning& beginning) {
        return beginning.method == head.method &&
               (head.path.starts_with(beginning.path) || head.path.find('%') != std::string_view::npos);
    });
}

std::optional<Response> Router::respond(const Request& request, Deferral& deferral) const {
    const PathSegments path(request.path);
    const Walk walk(*this, path.all());
    const auto* const route = walk.find(request.method);
    if (route == nullptr) return without_route(request);
    if (const auto* const handler = std::get_if<Handler>(&route->handler))
        return (*handler)(request, walk.parameters(*route));
    if (const auto* const handler = std::get_if<DeferredHandler>(&route->handler)) {
        (*handler)(request, walk.parameters(*route), deferral.defer());
        return std::nullopt;
    }
    const auto& handler = std::get<Uploader>(route->handler).handler;
    auto sink = handler(request, walk.parameters(*route), BodyFlow());
    if (!sink) return std::move(sink.error());
    if (!request.body.empty()) (*sink)->on_body(as_bytes(request.body));
    (*sink)->on_body_end(deferral.defer());
    return std::nullopt;
}

std::vector<RouteInfo> Router::routes() const {
    std::vector<RouteInfo> infos;
    for (const auto& route : routes_) infos.push_back({route.method, route.pattern});
    return infos;
}

void Router::add_any(std::string_view method, std::string_view pattern, AnyHandler handler) {
    Route route{.method = std::string(method),
                .pattern = std::string(pattern),
                .names = {},
                .handler = std::move(handler)};
    const PathSegments path(pattern);
    PARLEY_CHECK(!path.all().empty(), "a route's pattern begins with a slash and has few segments");
    std::uint32_t node = 0;
    for (std::size_t i = 0; i < path.all().size(); ++i) {
        const auto segment = path.all()[i];
        const auto name = name_in(segment);
        if (name.empty()) {
            node = literal_child(node, segment);
            continue;
        }
        route.names.emplace_back(i, name);
        if (nodes_[node].named == 0) {
            nodes_[node].named = static_cast<std::uint32_t>(nodes_.size());
            nodes_.emplace_back();
        }
        node = nodes_[node].named;
    }
    nodes_[node].routes.push_back(static_cast<std::uint32_t>(routes_.size()));
    routes_.push_back(std::move(route));
}

/// The node behind the literal `text`, made if there is none yet.
std::uint32_t Router::literal_child(std::uint32_t parent, std::string_view text) {
    const auto next = static_cast<std::uint32_t>(nodes_.size());
    auto& literals = nodes_[parent].literals;
    const auto place =
        std::ranges::lower_bound(literals, text, {}, &std::pair<std::string, std::uint32_t>::first);
    if (place != literals.end() && place->first == text) return place->second;
    literals.emplace(place, text, next);
    nodes_.emplace_back();
    return next;
}

Response Router::without_route(const Request& request) const {
    const PathSegments path(request.path);
    std::vector<std::uint32_t> routes;
    if (request.path == "*") {
        for (std::uint32_t i = 0; i < routes_.size(); ++i) routes.push_back(i);
    } else {
        routes = Walk(*this, path.all()).all();
    }
    if (routes.empty()) return refuse(request, 404, fmt::format("Nothing is at {}.", excerpt(request.path)));
    auto allowed = allowed_methods(std::move(routes));
    if (request.method == "OPTIONS") {
        Response response;
        response.status = 204;
        return with_allow(std::move(response), std::move(allowed));
    }
    const auto message = fmt::format("{} is not possible on {}, only {}.", excerpt(request.method),
                                     excerpt(request.path), allowed);
    return with_allow(refuse(request, 405, message), std::move(allowed));
}

void Router::refuse_below(std::string_view prefix, Refuser refuser) {
    refusers_.emplace_back(prefix, std::move(refuser));
}

Response Router::refuse(const Request& request, int status, std::string_view message) const {
    for (const auto& [prefix, refuser] : refusers_)
        if (request.path.starts_with(prefix)) return refuser(request, status, message);
    return error_response(status, message);
}

std::string Router::allowed_methods(std::vector<std::uint32_t> routes) const {
    std::ranges::sort(routes);
    std::vector<std::string_view> methods;
    const auto allow = [&methods](std::string_view method) {
        if (std::ranges::find(methods, method) == methods.end()) methods.push_back(method);
    };
    for (const auto route : routes) {
        allow(routes_[route].method);
        if (routes_[route].method == "GET") allow("HEAD");
    }
    allow("OPTIONS");
    return fmt::format("{}", fmt::join(methods, ", "));
}

}  // namespace parley::http
