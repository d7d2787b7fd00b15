#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/request.hpp"
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

/// What a server serves. Called on the stream's loop; one object may serve many loops if it is thread-safe.
class Service {
public:
    virtual ~Service() = default;

    /// Answers `request`.
    virtual Response respond(const Request& request) = 0;

    /// Asked when a request wants an upgrade: HTTP/1.1, `Connection: upgrade`, an `Upgrade` field, no body.
    /// Empty: the request is answered by `respond` like any other. The stream's deadline is the new handler's
    /// to set.
    virtual std::optional<Upgrade> upgrade(const Request& request, net::Stream& stream) = 0;
};

}  // namespace parley::http
