#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "http/body_sink.hpp"
#include "http/request.hpp"
#include "http/responder.hpp"
#include "http/response.hpp"
#include "http/service.hpp"

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

/// Answers when it returns.
using Handler = std::function<Response(const Request&, const PathParameters&)>;

/// Answers through the Responder, then or later, from any thread. Request and parameters are borrowed for the
/// call.
using DeferredHandler = std::function<void(const Request&, const PathParameters&, Responder)>;

/// Asked when the head of a request is complete, before its body, which `head` does not have: who takes the
/// body, or what is answered instead. `head` and parameters are borrowed for the call. Reading of the
/// connection can be paused through `flow`.
using UploadHandler = std::function<tl::expected<std::unique_ptr<BodySink>, Response>(
    const Request& head, const PathParameters&, BodyFlow flow)>;

/// A route as it was added.
struct RouteInfo {
    std::string method;
    std::string pattern;
};

/// Finds the handler for method and path. Not changed once it serves; may then be shared by threads.
class Router {
public:
    /// Serves `method` on `pattern`: `/` and segments, each literal or `{name}`, as in `/apps/{id}/events`. A
    /// named segment matches any segment but an empty one. Where several patterns match, the first added
    /// wins.
    void add(std::string_view method, std::string_view pattern, Handler handler);

    /// The same for a handler that answers later.
    void add_deferred(std::string_view method, std::string_view pattern, DeferredHandler handler);

    /// The same for a handler that takes the body in pieces, up to `body_bytes_max` of them together.
    void add_upload(std::string_view method, std::string_view pattern, std::uint64_t body_bytes_max,
                    UploadHandler handler);

    /// The upload that the route of `head` begins; empty when it takes none.
    [[nodiscard]] std::optional<Upload> upload(const Request& head) const;

    /// Whoever answers where there is no route: `status` is 404 or 405, `message` for people.
    using Refuser = std::function<Response(const Request&, int status, std::string_view message)>;

    /// Paths that begin with `prefix` are refused in a shape of their own; others by `error_response`.
    void refuse_below(std::string_view prefix, Refuser refuser);

    /// Calls the handler of the route; one of an upload gets the body of `request` as one piece. Empty: it
    /// has deferred the answer. Without a route 404; for a path that is known with other methods 405 with
    /// `Allow`. GET routes serve HEAD too; OPTIONS is answered with 204 and `Allow` unless a route handles
    /// it.
    [[nodiscard]] std::optional<Response> respond(const Request& request, Deferral& deferral) const;

    /// All routes in the order in which they were added.
    [[nodiscard]] std::vector<RouteInfo> routes() const;

private:
    struct Uploader {
        std::uint64_t body_bytes_max;
        UploadHandler handler;
    };
    using AnyHandler = std::variant<Handler, DeferredHandler, Uploader>;
    struct Route {
        std::string method;
        std::string pattern;
        std::vector<std::pair<std::size_t, std::string>> names;  // position and name of the named segments
        AnyHandler handler;
    };

    /// A place in the tree of patterns, reached by the segments on the way to it. A path is looked up segment
    /// by segment, so that a lookup costs the same however many routes there are.
    struct Node {
        std::vector<std::pair<std::string, std::uint32_t>>
            literals;                       // sorted; text and index of the next node
        std::uint32_t named = 0;            // index of the next node; 0 is none
        std::vector<std::uint32_t> routes;  // that end here, ascending
    };
    class Walk;

    /// How requests for an upload begin, to tell the others quickly.
    struct Beginning {
        std::string method;
        std::string path;  // the pattern up to its first name
    };

    void add_any(std::string_view method, std::string_view pattern, AnyHandler handler);
    [[nodiscard]] std::uint32_t literal_child(std::uint32_t parent, std::string_view text);
    [[nodiscard]] bool may_be_upload(const Request& head) const;
    [[nodiscard]] Response without_route(const Request& request) const;
    [[nodiscard]] Response refuse(const Request& request, int status, std::string_view message) const;
    [[nodiscard]] std::string allowed_methods(std::vector<std::uint32_t> routes) const;

    std::vector<Route> routes_;
    std::vector<std::pair<std::string, Refuser>> refusers_;  // by prefix
    std::vector<Beginning> upload_beginnings_;
    std::vector<Node> nodes_ = std::vector<Node>(1);  // the first is the root
};

}  // namespace parley::http
