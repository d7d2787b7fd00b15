#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "net/outbox.hpp"

namespace parley::net {

/// How an attempt to read or write ended. `wants_…`: nothing is lost, try again when the socket is ready.
enum class Transfer : std::uint8_t {
    done,
    wants_read,
    wants_write,
    peer_ended,  // of reading: the peer has ended its output
    failed       // the connection is of no further use
};

/// What reading gave: `bytes` at the front of the buffer, more than none exactly when it is `done`.
struct Received {
    Transfer transfer = Transfer::done;
    std::size_t bytes = 0;
};

// Plain TCP. TlsSession does the same for TLS.

/// Reads once from the non-blocking socket `fd`.
[[nodiscard]] Received receive(int fd, MutableBytes buffer);

/// What comes behind what is being written.
enum class Behind : std::uint8_t {
    maybe_more,
    end_of_output  // at once: the kernel keeps the last bytes for the packet that says so
};

/// Writes from the front of `outbox`, many frames in one system call. `done`: nothing is left in it.
[[nodiscard]] Transfer transmit(int fd, Outbox& outbox, Behind behind);

}  // namespace parley::net
