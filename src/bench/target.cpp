#include "bench/target.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/resource.h>

#include <cstring>
#include <memory>

#include <fmt/format.h>

#include "net/socket_address.hpp"

namespace parley::bench {

HostAndPort split_authority(std::string_view authority) {
    const bool bracketed = authority.starts_with('[') && authority.find(']') != std::string_view::npos;
    const auto host_end =
        bracketed ? authority.find(']') + 1 : std::min(authority.rfind(':'), authority.size());
    const auto host = bracketed ? authority.substr(1, host_end - 2) : authority.substr(0, host_end);
    const auto port = authority.substr(host_end);
    return {std::string(host), port.size() > 1 ? std::string(port.substr(1)) : "80"};
}

tl::expected<sockaddr_storage, std::string> resolve(const std::string& authority) {
    const auto [host, port] = split_authority(authority);
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(host.c_str(), port.c_str(), &wanted, &found);
    if (error != 0) return tl::unexpected(fmt::format("{}: {}.", authority, gai_strerror(error)));
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
    sockaddr_storage address{};
    std::memcpy(&address, found->ai_addr, found->ai_addrlen);
    return address;
}

std::optional<sockaddr_storage> source_address(const sockaddr_storage& peer, std::size_t count,
                                               std::size_t number) {
    if (count <= 1 || !net::to_string(peer).starts_with("127.")) return std::nullopt;
    return net::make_address(fmt::format("127.0.0.{}", number % count + 1), 0);
}

std::uint64_t raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    const auto before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

}  // namespace parley::bench
