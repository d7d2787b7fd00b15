#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/limits.hpp"
#include "http/request.hpp"
#include "http/request_error.hpp"

namespace parley::http {

enum class BodyFraming : std::uint8_t { none, length, chunked };

/// What a request head says about its body and its connection.
struct RequestHead {
    std::uint64_t content_length =
        0;  // with BodyFraming::length; the largest number when it is beyond 64 bits
    BodyFraming framing = BodyFraming::none;
    bool keep_alive = true;         // another request may follow (RFC 9112, section 9.3)
    bool wants_upgrade = false;     // `Connection: upgrade` and an `Upgrade` field (RFC 9110, section 7.8)
    bool expects_continue = false;  // `Expect: 100-continue` (RFC 9110, section 10.1.1)
};

/// How many bytes a body may have, and the setting that says so; none when the route decides it.
struct BodyLimit {
    std::uint64_t bytes_max = 0;
    std::string_view setting = {};
};

/// The limit of a body that is gathered before its request is answered.
[[nodiscard]] BodyLimit gathered_body_limit(const Limits& limits);

/// Refuses a body that is announced as longer than `limit` (413).
[[nodiscard]] tl::expected<void, RequestError> check_content_length(const RequestHead& head,
                                                                    const BodyLimit& limit);

/// The refusal of a body that turns out to be longer than `limit`.
[[nodiscard]] tl::unexpected<RequestError> refuse_long_body(const BodyLimit& limit);

/// More fields than this are refused with 431, however short they are.
inline constexpr std::size_t header_fields_max = 100;

/// Where the head at the front of `input` ends, its blank line included. Empty when more bytes are needed.
/// The first `searched` bytes are those of an earlier call that found no end; they are not searched again.
/// Lines that do not end with CR LF are refused (RFC 9112, section 2.2, allows it), since others may see the
/// lines end elsewhere.
[[nodiscard]] tl::expected<std::optional<std::size_t>, RequestError> find_head_end(std::string_view input,
                                                                                   std::size_t searched,
                                                                                   const Limits& limits);

/// Whether a request can begin with `first`. Tells a TLS handshake on a plain port without waiting for its
/// end.
[[nodiscard]] bool may_begin_request(char first);

/// Reads a whole head as `find_head_end` delimits it (RFC 9112, sections 3, 5 and 6) into everything of
/// `request` but its body. The length of the body is not limited here. Strict: where implementations are
/// known to differ, so that requests could be smuggled, it refuses.
[[nodiscard]] tl::expected<RequestHead, RequestError> parse_request_head(std::string_view head,
                                                                         const Limits& limits,
                                                                         Request& request);

}  // namespace parley::http
