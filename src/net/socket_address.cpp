#include "net/socket_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

namespace parley::net {

namespace {

// sockaddr_storage may be read as the family's own type only by copying it out.
template <class Address>
Address cast(const sockaddr_storage& storage) {
    Address address{};
    std::memcpy(&address, &storage, sizeof address);
    return address;
}

}  // namespace

std::optional<sockaddr_storage> make_address(const std::string& host, std::uint16_t port) {
    sockaddr_storage storage{};
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        std::memcpy(&storage, &v4, sizeof v4);
    } else if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        std::memcpy(&storage, &v6, sizeof v6);
    } else {
        return std::nullopt;
    }
    return storage;
}

socklen_t size_of(const sockaddr_storage& address) {
    return address.ss_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

std::uint16_t port_of(const sockaddr_storage& address) {
    return ntohs(address.ss_family == AF_INET6 ? cast<sockaddr_in6>(address).sin6_port
                                               : cast<sockaddr_in>(address).sin_port);
}

std::string to_string(const sockaddr_storage& address) {
    std::array<char, INET6_ADDRSTRLEN> host{};
    const auto port = ":" + std::to_string(port_of(address));
    if (address.ss_family == AF_INET6) {
        const auto v6 = cast<sockaddr_in6>(address);
        inet_ntop(AF_INET6, &v6.sin6_addr, host.data(), host.size());
        return "[" + std::string(host.data()) + "]" + port;
    }
    if (address.ss_family == AF_INET) {
        const auto v4 = cast<sockaddr_in>(address);
        inet_ntop(AF_INET, &v4.sin_addr, host.data(), host.size());
        return std::string(host.data()) + port;
    }
    return "unknown";
}

}  // namespace parley::net
