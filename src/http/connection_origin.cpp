#include "http/connection_origin.hpp"

#include <utility>

#include "http/forwarded.hpp"

namespace parley::http {

std::string ConnectionOrigin::peer_address() { return peer() ? to_string(*peer()) : "unknown"; }

std::optional<std::string> ConnectionOrigin::forwarded_for(const Request& request) {
    if (trusted_.empty() || !peer()) return std::nullopt;
    const auto client = client_address(request, *peer(), trusted_);
    if (client == *peer()) return std::nullopt;
    return to_string(client);
}

const std::optional<IpAddress>& ConnectionOrigin::peer() {
    if (!std::exchange(asked_, true)) peer_ = parse_node(stream_.peer_address());
    return peer_;
}

}  // namespace parley::http
