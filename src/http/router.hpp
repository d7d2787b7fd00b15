#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/request.hpp"
#include "http/response.hpp"

namespace parley::http {

/// The values of the `{name}` segments of a matched route, percent-decoded.
class PathParameters {
public:
    /// The value of segment `{name}`, never empty. The route must have such a segment.
    [[nodiscard]] std::string_view operator[](std::string_view name) const;

private:
    friend class Router;

    std::vector<std::pair<std::string_view, std::string>> values_;  // names are the route's
};

/// Finds the handler for method and path. Not changed once it serves; may then be shared by threads.
class Router {
public:
    using Handler = std::function<Response(const Request&, const PathParameters&)>;

    /// Serves `method` on `pattern`: `/` and segments, each literal or `{name}`, as in `/apps/{id}/events`. A
    /// named segment matches any segment but an empty one. Where several patterns match, the first added
    /// wins.
    void add(std::string_view method, std::string_view pattern, Handler handler);

    /// Calls the handler of the route. Otherwise 404; for a path that is known with other methods 405 with
    /// `Allow`. GET routes serve HEAD too; OPTIONS is answered with 204 and `Allow` unless a route handles
    /// it.
    [[nodiscard]] Response respond(const Request& request) const;

private:
    struct Segment {
        std::string text;  // the literal, or the name
        bool named = false;
    };
    struct Route {
        std::string method;
        std::vector<Segment> segments;
        Handler handler;
    };

    [[nodiscard]] static bool matches(const Route& route, std::span<const std::string_view> segments);
    [[nodiscard]] static PathParameters parameters(const Route& route,
                                                   std::span<const std::string_view> segments);
    template <class Chosen>
    [[nodiscard]] std::string allowed_methods(Chosen chosen) const;

    std::vector<Route> routes_;
};

}  // namespace parley::http
