#pragma once

#include <cstdint>
#include <string>

namespace parley::handover {

// The Unix sockets through which a successor comes. They are abstract, so that nothing is left in the file
// system by a server that was killed, and are where the port is: in its network namespace.

/// The name of the door of the server that listens on `host` and `port`.
[[nodiscard]] std::string door_name(const std::string& host, std::uint16_t port);

/// A listening socket with that name, non-blocking; -1 with errno set, EADDRINUSE when somebody has it.
[[nodiscard]] int open_door_socket(const std::string& name);

/// A blocking connection to the socket with that name; -1 with errno set, ECONNREFUSED when there is none.
[[nodiscard]] int connect_to_door(const std::string& name);

/// Whether the process at the other end has our user, or is root's.
[[nodiscard]] bool is_our_own_peer(int fd);

}  // namespace parley::handover
