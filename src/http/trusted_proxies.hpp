#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "base/ip_address.hpp"

namespace parley::http {

/// The proxies whose word is believed about where a request comes from.
class TrustedProxies {
public:
    /// Trusts nobody.
    TrustedProxies() = default;
    explicit TrustedProxies(std::vector<IpNetwork> networks) : networks_(std::move(networks)) {}

    [[nodiscard]] bool empty() const { return networks_.empty(); }

    [[nodiscard]] bool contains(const IpAddress& address) const {
        return std::ranges::any_of(networks_,
                                   [&](const IpNetwork& network) { return network.contains(address); });
    }

private:
    std::vector<IpNetwork> networks_;
};

}  // namespace parley::http
