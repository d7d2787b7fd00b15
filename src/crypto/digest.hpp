#pragma once

#include <string>
#include <string_view>

namespace parley::crypto {

/// The MD5 of `text`, 32 lower-case hex digits. A checksum that the Pusher HTTP API asks for, no protection.
[[nodiscard]] std::string md5_hex(std::string_view text);

/// The SHA-1 of `text`, 20 bytes. For the WebSocket handshake (RFC 6455, section 4.2.2), no protection.
[[nodiscard]] std::string sha1(std::string_view text);

/// The SHA-256 of `text`, 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view text);

/// Base64 with padding (RFC 4648, section 4).
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace parley::crypto
