#pragma once

#include <optional>
#include <string>

#include "base/ip_address.hpp"
#include "http/request.hpp"
#include "http/trusted_proxies.hpp"
#include "net/stream.hpp"

namespace parley::http {

/// Where the requests of one stream come from. The system is asked for the peer's address once, when it is
/// first needed; without trusted proxies the fields of a request are not looked at. Belongs to the stream's
/// loop.
class ConnectionOrigin final : public RequestOrigin {
public:
    /// Both must outlive it.
    ConnectionOrigin(const net::Stream& stream, const TrustedProxies& trusted)
        : stream_(stream), trusted_(trusted) {}

    std::string peer_address() override;
    std::optional<std::string> forwarded_for(const Request& request) override;

private:
    [[nodiscard]] const std::optional<IpAddress>& peer();

    const net::Stream& stream_;
    const TrustedProxies& trusted_;
    std::optional<IpAddress> peer_;  // stays empty for a peer without an address
    bool asked_ = false;
};

}  // namespace parley::http
