#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>

namespace parley::net {

/// `host` (an IPv4 or IPv6 address in text, no name) and `port` for the system; empty when `host` is neither.
[[nodiscard]] std::optional<sockaddr_storage> make_address(const std::string& host, std::uint16_t port);

/// Bytes of `address` that its family uses.
[[nodiscard]] socklen_t size_of(const sockaddr_storage& address);

[[nodiscard]] std::uint16_t port_of(const sockaddr_storage& address);

/// `127.0.0.1:6001`, `[::1]:6001`.
[[nodiscard]] std::string to_string(const sockaddr_storage& address);

}  // namespace parley::net
