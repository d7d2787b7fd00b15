#include "base/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstddef>

#include "base/text.hpp"

namespace parley {

namespace {

constexpr std::size_t mapped_prefix_bytes = 12;
constexpr std::array<std::uint8_t, mapped_prefix_bytes> mapped_prefix = {0, 0, 0, 0, 0,    0,
                                                                         0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned mapped_prefix_bits = mapped_prefix_bytes * 8;
constexpr unsigned address_bits = 128;

bool is_ipv4(const IpAddress& address) {
    return std::equal(mapped_prefix.begin(), mapped_prefix.end(), address.bytes.begin());
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
    if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return std::nullopt;
    const std::string terminated(text);
    IpAddress address;
    if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
    std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.bytes.begin());
    if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data() + mapped_prefix_bytes) == 1)
        return address;
    return std::nullopt;
}

std::string to_string(const IpAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool ipv4 = is_ipv4(address);
    inet_ntop(ipv4 ? AF_INET : AF_INET6, address.bytes.data() + (ipv4 ? mapped_prefix_bytes : 0), text.data(),
              text.size());
    return text.data();
}

bool IpNetwork::contains(const IpAddress& other) const {
    const std::size_t whole_bytes = prefix_bits / 8U;
    if (!std::equal(address.bytes.data(), address.bytes.data() + whole_bytes, other.bytes.data()))
        return false;
    const unsigned rest_bits = prefix_bits % 8U;
    if (rest_bits == 0) return true;
    const auto differing = static_cast<unsigned>(address.bytes[whole_bytes] ^ other.bytes[whole_bytes]);
    return differing >> (8U - rest_bits) == 0;
}

std::optional<IpNetwork> parse_ip_network(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_ip_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    if (slash == std::string_view::npos) return IpNetwork{*address, address_bits};
    // `::ffff:10.0.0.0/104` counts its bits as IPv6 does, as it is written.
    const bool counts_as_ipv4 = text.find(':') == std::string_view::npos;
    const unsigned skipped = counts_as_ipv4 ? mapped_prefix_bits : 0;
    const auto bits = parse_decimal(text.substr(slash + 1));
    if (!bits || *bits > address_bits - skipped) return std::nullopt;
    return IpNetwork{*address, static_cast<std::uint8_t>(*bits + skipped)};
}

}  // namespace parley
