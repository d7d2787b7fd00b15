#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/body_sink.hpp"
#include "http/request.hpp"
#include "http/request_error.hpp"
#include "http/responder.hpp"
#include "http/response.hpp"
#include "net/stream.hpp"

namespace parley::http {

/// The answer to a request that changes the protocol of its connection (RFC 9110, section 7.8).
struct Upgrade {
    std::string head;                             // the whole 101 response, blank line included
    std::unique_ptr<net::StreamHandler> handler;  // speaks from then on; must not send before `opened`
    std::function<void()> opened = {};  // if not empty: called when `head` is queued and `handler` is in
                                        // place, before it reads; may send
};

/// A request whose body is passed on as it comes instead of being gathered.
struct Upload {
    std::uint64_t body_bytes_max = 0;  // a longer body is refused with 413
    /// Begins it, or refuses it; called at once, while its request is there.
    std::function<tl::expected<std::unique_ptr<BodySink>, Response>(BodyFlow)> open = {};
};

/// What a server serves. Called on the stream's loop; one object may serve many loops if it is thread-safe.
class Service {
public:
    virtual ~Service() = default;

    /// Answers `request`. Empty: it has deferred the answer.
    virtual std::optional<Response> respond(const Request& request, Deferral& deferral) = 0;

    /// Asked when the head of a request is complete, of which `head` has everything. Empty: the body, if any,
    /// is gathered, and `respond` or `upgrade` asked.
    virtual std::optional<Upload> upload(const Request& head) {
        static_cast<void>(head);
        return std::nullopt;
    }

    /// Asked when a request wants an upgrade: HTTP/1.1, `Connection: upgrade`, an `Upgrade` field, no body.
    /// Empty: the request is answered by `respond` like any other. The stream's deadline is the new handler's
    /// to set.
    virtual std::optional<Upgrade> upgrade(const Request& request, net::Stream& stream) = 0;

    /// What `peer` is answered who sent what is no request, or none that may be read to its end; the
    /// connection is closed behind it. Unless a service knows better it is logged and told as it is.
    virtual Response refuse(const RequestError& error, std::string_view peer);
};

}  // namespace parley::http
