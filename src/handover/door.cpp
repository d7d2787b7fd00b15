#include "handover/door.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

namespace parley::handover {

namespace {

struct Address {
    sockaddr_un name = {};
    socklen_t size = 0;
};

/// The abstract address: its first byte is zero, and it has no end.
Address abstract_address(const std::string& name) {
    Address address;
    address.name.sun_family = AF_UNIX;
    const auto length = std::min(name.size(), sizeof address.name.sun_path - 1);
    std::copy_n(name.begin(), length, address.name.sun_path + 1);
    address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length);
    return address;
}

/// `fd`, or -1 after closing it, with the errno of what went wrong.
int checked(int fd, bool ok) {
    if (ok || fd < 0) return fd;
    const int error = errno;
    ::close(fd);
    errno = error;
    return -1;
}

}  // namespace

std::string door_name(const std::string& host, std::uint16_t port) {
    return fmt::format("parley/{}:{}", host, port);
}

int open_door_socket(const std::string& name) {
    const auto address = abstract_address(name);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const auto* const bytes = reinterpret_cast<const sockaddr*>(&address.name);
    return checked(fd, fd >= 0 && ::bind(fd, bytes, address.size) == 0 && ::listen(fd, 1) == 0);
}

int connect_to_door(const std::string& name) {
    const auto address = abstract_address(name);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto* const bytes = reinterpret_cast<const sockaddr*>(&address.name);
    return checked(fd, fd >= 0 && ::connect(fd, bytes, address.size) == 0);
}

bool is_our_own_peer(int fd) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == ::geteuid() || peer.uid == 0;
}

}  // namespace parley::handover
