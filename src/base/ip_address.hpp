#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

/// An IPv4 or IPv6 address as a value. An IPv4 address and the IPv6 address that it is mapped to (RFC 4291,
/// section 2.5.5.2) are the same value: a listener on `::` sees the clients of the one as the other.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};  // IPv6, in network order

    friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

/// `192.0.2.1` or `2001:db8::1`; no port, brackets or zone.
[[nodiscard]] std::optional<IpAddress> parse_ip_address(std::string_view text);

/// As `parse_ip_address` reads it; what is an IPv4 address is written as one.
[[nodiscard]] std::string to_string(const IpAddress& address);

/// All addresses that begin with the same bits (RFC 4632, section 3.1).
struct IpNetwork {
    IpAddress address = {};          // any in it
    std::uint8_t prefix_bits = 128;  // of the IPv6 form: 96 more than IPv4 counts

    [[nodiscard]] bool contains(const IpAddress& other) const;
};

/// `10.0.0.0/8`, `2001:db8::/32`, or a single address. Bits behind the prefix do not matter.
[[nodiscard]] std::optional<IpNetwork> parse_ip_network(std::string_view text);

}  // namespace parley
