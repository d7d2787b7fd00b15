#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "websocket/violation.hpp"

namespace parley::websocket {

/// The close codes of RFC 6455, section 7.4.1, that we send. After each of them a client may connect again.
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t invalid_payload = 1007;
inline constexpr std::uint16_t policy_violation = 1008;
inline constexpr std::uint16_t message_too_big = 1009;
}  // namespace close_code

/// Whether a close frame may carry `code`, in either direction: those assigned for it (RFC 6455,
/// section 7.4.1, and IANA's registry: 1000 to 1003, 1007 to 1014) and those of libraries and applications
/// (3000 to 4999).
[[nodiscard]] constexpr bool may_be_sent(std::uint16_t code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/// What a close frame said.
struct CloseReason {
    std::optional<std::uint16_t> code;  // empty when the payload was
    std::string_view reason;            // valid UTF-8
};

/// Reads the payload of a close frame (RFC 6455, section 5.5.1); the reason points into it. Fails with
/// bad_close_payload or invalid_utf8.
[[nodiscard]] tl::expected<CloseReason, Violation> parse_close_payload(std::string_view payload);

/// The payload of a close frame with `code`, which must be one that may be sent. `reason` is valid UTF-8;
/// what does not fit a control frame is cut off at a character's edge.
[[nodiscard]] std::string encode_close_payload(std::uint16_t code, std::string_view reason);

}  // namespace parley::websocket
