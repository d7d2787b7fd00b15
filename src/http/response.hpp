#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/body_source.hpp"
#include "net/frame.hpp"

namespace parley::http {

/// What is answered. Framing (`Content-Length`, `Connection`, `Date`) is added when it is encoded.
struct Response {
    int status = 200;
    std::string content_type = {};  // no field when empty
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers =
        {};              // names must be tokens, values may be anything
    bool close = false;  // end the connection after this answer
    std::string_view static_body =
        {};  // if not empty: sent instead of `body`; memory that is there to the end
    std::shared_ptr<BodySource> source = {};  // if not null: gives the body instead, piece by piece
    std::uint64_t source_bytes = 0;           // how much it gives in all

    [[nodiscard]] std::string_view content() const {
        return static_body.empty() ? std::string_view(body) : static_body;
    }
};

/// A response with a JSON body.
[[nodiscard]] Response json_response(int status, std::string body);

/// The body `{"error":message,"code":status}` (pusher-http, section 10). `message` may contain bytes of the
/// peer: what is no UTF-8 becomes U+FFFD.
[[nodiscard]] Response error_response(int status, std::string_view message);

/// What the answer must know of its request and of the time.
struct ResponseFraming {
    bool head_only = false;      // the request was HEAD: the body is announced, not sent
    int minor_version = 1;       // of the request
    bool keep_alive = true;      // whether the request allows another one; `Response::close` overrules it
    std::string_view date = {};  // no field when empty
    // How long another request is waited for, in seconds; not told when 0. A client that knows uses no
    // connection that is about to be closed (RFC 2068, section 19.7.1.1; draft-thomson-hybi-http-timeout).
    std::int64_t keep_alive_timeout = 0;
};

/// Whether the body of `response` is still to be read from its source once the head is sent.
[[nodiscard]] bool has_body_to_stream(const Response& response, const ResponseFraming& framing);

/// The bytes of `response`, without what its source gives; always framed by `Content-Length` where a body is
/// allowed (RFC 9112, section 6.3). Control characters in header values become spaces, so that a value cannot
/// end its line.
[[nodiscard]] net::SharedFrame encode_response(const Response& response, const ResponseFraming& framing);

}  // namespace parley::http
