// Whom X-Forwarded-For and Forwarded name: whatever a client writes in front of what a trusted proxy has
// written, the proxy's word is what counts.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "base/ip_address.hpp"
#include "http/forwarded.hpp"

namespace {

using namespace parley;
using namespace parley::http;

const IpAddress proxy = *parse_ip_address("10.0.0.1");
const IpAddress client = *parse_ip_address("203.0.113.9");
const TrustedProxies trusted{{*parse_ip_network("10.0.0.0/8")}};

IpAddress named(std::string_view field, std::string_view value) {
    Request request;
    request.headers = {{field, value}};
    return client_address(request, proxy, trusted);
}

void check_node(std::string_view text) {
    const auto address = parse_node(text);
    if (!address) return;
    PARLEY_CHECK(parse_node(to_string(*address)) == address, "an address is written as it is read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    check_node(text);
    for (const auto* const field : {"X-Forwarded-For", "Forwarded"}) {
        const auto address = named(field, text);
        PARLEY_CHECK(address == proxy || parse_ip_address(to_string(address)) == address,
                     "whoever is named has an address");
    }
    PARLEY_CHECK(named("X-Forwarded-For", text + ",203.0.113.9") == client, "the proxy's word counts");
    PARLEY_CHECK(named("Forwarded", text + ",for=203.0.113.9") == client, "the proxy's word counts");
    PARLEY_CHECK(named("Forwarded", text + ",for=203.0.113.9;host=\"a,b\"") == client,
                 "the proxy's word counts");
    return 0;
}
