#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <unordered_map>

#include <tl/expected.hpp>

#include "net/loop.hpp"

namespace parley::net {

/// A TCP connection to be made.
struct ConnectOptions {
    sockaddr_storage peer = {};
    std::optional<sockaddr_storage> source = {};  // address to come from; its port is not used
    int receive_buffer_bytes = 0;                 // of the kernel; 0: as it thinks best
    bool resets_on_close = false;                 // so that no port waits (TIME_WAIT) once it is closed
    std::uint64_t timeout_ms = 10'000;
};

/// Makes TCP connections for one loop without waiting. Belongs to the loop's thread.
class Connector {
public:
    /// Gets a connected, non-blocking socket, which is the callee's from then on, or why there is none.
    /// Called once, on the loop, never within `connect`.
    using Done = std::function<void(tl::expected<int, std::error_code>)>;

    explicit Connector(Loop& loop);

    /// Gives up what is not connected yet; nobody is told. Only when the loop does not run any more, or on
    /// it.
    ~Connector();
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;

    void connect(const ConnectOptions& options, Done done);

    /// How many connections are being made.
    [[nodiscard]] std::size_t waiting() const { return attempts_.size(); }

private:
    class Attempt;
    void finish(Attempt& attempt, tl::expected<int, std::error_code> outcome);

    Loop& loop_;
    std::unordered_map<const Attempt*, std::unique_ptr<Attempt>> attempts_;
};

}  // namespace parley::net
