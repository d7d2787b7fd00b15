#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace parley::bench {

/// The app as which everything is signed.
struct App {
    std::string id;
    std::string key;
    std::string secret;
};

/// The server that is measured.
struct Target {
    sockaddr_storage address = {};
    std::string authority = {};  // what the Host header says
    std::string path = {};       // prefix: empty, or with a slash in front and none behind
    App app = {};
};

/// Host and port of `authority` (`127.0.0.1:6001`, `[::1]`, `example.com:80`; port 80 when none is given).
struct HostAndPort {
    std::string host;
    std::string port;
};
[[nodiscard]] HostAndPort split_authority(std::string_view authority);

/// Looks up the first address of `authority`. May wait for a name server. The error is a sentence.
[[nodiscard]] tl::expected<sockaddr_storage, std::string> resolve(const std::string& authority);

/// The address that connection `number` comes from: 127.0.0.1 to 127.0.0.N in turn, for a server on this
/// machine. Empty when `count` is 1 or `peer` is not an IPv4 loopback address.
[[nodiscard]] std::optional<sockaddr_storage> source_address(const sockaddr_storage& peer, std::size_t count,
                                                             std::size_t number);

/// Raises the limit of open files as far as the system lets us, and says how many there may be.
[[nodiscard]] std::uint64_t raise_descriptor_limit();

}  // namespace parley::bench
