#include "operations/local_access.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ip_address.hpp"
#include "base/text.hpp"

namespace parley::operations {

namespace {

bool is_loopback(std::string_view text) {
    const auto address = parse_ip_address(text);
    if (!address) return false;
    const auto is_in = [&](std::string_view network) {
        return parse_ip_network(network).value_or(IpNetwork{}).contains(*address);
    };
    return is_in("127.0.0.0/8") || is_in("::1");
}

/// `authority` without its port: what stands in brackets, or before the colon.
std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('['))
        return authority.substr(1, std::min(authority.find(']'), authority.size()) - 1);
    return authority.substr(0, authority.find(':'));
}

bool names_no_site(std::string_view authority) {
    const auto host = host_of(authority);
    return equals_ignoring_case(host, "localhost") || parse_ip_address(host).has_value();
}

}  // namespace

std::optional<std::string> why_not_local(const http::Request& request) {
    constexpr std::array<std::string_view, 6> proxy_fields = {
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Via"};
    if (request.origin == nullptr || !is_loopback(request.origin->peer_address()))
        return "Only programs on this machine may ask for this.";
    if (std::ranges::any_of(proxy_fields, [&](auto name) { return request.find_header(name).has_value(); }))
        return "This is not answered through a proxy.";
    if (!names_no_site(request.find_header("Host").value_or("")))
        return "The Host header must be an address or localhost; the name of a site is refused.";
    return std::nullopt;
}

}  // namespace parley::operations
