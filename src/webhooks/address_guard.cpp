#include "webhooks/address_guard.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace parley::webhooks {

namespace {

using Ipv4 = std::array<std::uint8_t, 4>;
using Ipv6 = std::array<std::uint8_t, 16>;

/// The addresses that begin with the first `bits` of `first`.
template <typename Address>
struct Range {
    Address first;
    unsigned bits;

    [[nodiscard]] bool holds(const Address& address) const {
        const auto whole = bits / 8;
        if (!std::equal(first.begin(), first.begin() + whole, address.begin())) return false;
        if (bits % 8 == 0) return true;
        const auto shift = 8 - bits % 8;
        return first[whole] >> shift == address[whole] >> shift;
    }
};

constexpr std::array<Range<Ipv4>, 15> special_ipv4 = {{{{0}, 8},
                                                       {{10}, 8},
                                                       {{100, 64}, 10},
                                                       {{127}, 8},
                                                       {{169, 254}, 16},
                                                       {{172, 16}, 12},
                                                       {{192, 0, 0}, 24},
                                                       {{192, 0, 2}, 24},
                                                       {{192, 88, 99}, 24},
                                                       {{192, 168}, 16},
                                                       {{198, 18}, 15},
                                                       {{198, 51, 100}, 24},
                                                       {{203, 0, 113}, 24},
                                                       {{224}, 4},
                                                       {{240}, 4}}};

// All that is not 2000::/3, the only part of IPv6 that is given to hosts of the internet, and these of it.
constexpr Range<Ipv6> global_ipv6{{0x20}, 3};
constexpr std::array<Range<Ipv6>, 3> special_ipv6 = {
    {{{0x20, 0x01}, 23}, {{0x20, 0x01, 0x0d, 0xb8}, 32}, {{0x3f, 0xff}, 20}}};

// Where an IPv4 address stands in an IPv6 one: mapped, by NAT64 (RFC 6052), by 6to4 (RFC 3056).
struct Embedding {
    Range<Ipv6> range;
    std::size_t offset;
};
constexpr std::array<Embedding, 3> embeddings = {{{{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12},
                                                  {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},
                                                  {{{0x20, 0x02}, 16}, 2}}};

bool is_special(const Ipv4& address) {
    return std::ranges::any_of(special_ipv4, [&](const auto& range) { return range.holds(address); });
}

bool is_special(const Ipv6& address) {
    for (const auto& [range, offset] : embeddings) {
        if (!range.holds(address)) continue;
        Ipv4 inner{};
        std::copy_n(address.begin() + offset, inner.size(), inner.begin());
        return is_special(inner);
    }
    return !global_ipv6.holds(address) ||
           std::ranges::any_of(special_ipv6, [&](const auto& range) { return range.holds(address); });
}

}  // namespace

bool is_private_address(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in known{};
        std::memcpy(&known, &address, sizeof known);
        Ipv4 bytes{};
        std::memcpy(bytes.data(), &known.sin_addr, bytes.size());
        return is_special(bytes);
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 known{};
        std::memcpy(&known, &address, sizeof known);
        Ipv6 bytes{};
        std::memcpy(bytes.data(), &known.sin6_addr, bytes.size());
        return is_special(bytes);
    }
    return true;
}

bool is_private_address(const IpAddress& address) { return is_special(address.bytes); }

}  // namespace parley::webhooks
