#pragma once

#include <sys/socket.h>

#include "base/ip_address.hpp"

namespace parley::webhooks {

/// Whether an address is of this machine, of a private network, or of anything else than one host of the
/// internet (the special-purpose registries of RFC 6890: loopback, private, link-local, shared, multicast,
/// documentation and reserved ones, and IPv6 addresses that hold such an IPv4 address). Of another family
/// than IPv4 and IPv6: yes. Pure.
[[nodiscard]] bool is_private_address(const sockaddr& address);
[[nodiscard]] bool is_private_address(const IpAddress& address);

}  // namespace parley::webhooks
