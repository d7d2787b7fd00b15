#pragma once

#include <optional>
#include <string_view>

#include "base/ip_address.hpp"
#include "http/request.hpp"
#include "http/trusted_proxies.hpp"

namespace parley::http {

/// At most so many addresses in front of the connection's peer are looked at.
inline constexpr int forwarded_hops_max = 32;

/// The address in `node` as proxies and logs write it: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`,
/// `[2001:db8::1]` or `[2001:db8::1]:80` (RFC 7239, section 6, and what X-Forwarded-For has beside). Empty
/// for anything else, `unknown` and obfuscated names included.
[[nodiscard]] std::optional<IpAddress> parse_node(std::string_view node);

/// Where `request` comes from, which arrived over a connection from `peer`: the last address of the chain
/// that is not a trusted proxy's, as `Forwarded` (RFC 7239) or `X-Forwarded-For` tells it. That is `peer`
/// when it is not trusted. An entry that is no address ends the search at the proxy that wrote it. When the
/// fields name different clients, one of them is not the proxy's work but the client's: then neither is
/// believed.
[[nodiscard]] IpAddress client_address(const Request& request, const IpAddress& peer,
                                       const TrustedProxies& trusted);

}  // namespace parley::http
