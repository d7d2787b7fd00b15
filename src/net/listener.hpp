#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "net/stream.hpp"
#include "net/tls_context.hpp"

namespace parley::net {

/// An address to listen on. `port` 0 lets the kernel choose.
struct Endpoint {
    std::string host;  // an IPv4 or IPv6 address, no name
    std::uint16_t port = 0;
};

/// Accepts connections for one loop. Every loop has its own on the same endpoint (SO_REUSEPORT); the kernel
/// spreads connections over them.
class Listener final : private Pollable, private Timer {
public:
    /// Gives a new stream its handler. Under TLS that is before the handshake.
    using Accept = std::function<std::unique_ptr<StreamHandler>(Stream&)>;

    /// `tls` is null for plain TCP, else it must outlive the streams. The error is a sentence with the
    /// address and the system's reason.
    [[nodiscard]] static tl::expected<std::unique_ptr<Listener>, std::string> open(
        Loop& loop, StreamSet& streams, const Endpoint& endpoint, Accept accept, TlsContext* tls = nullptr);
    /// Whether nobody listens on `endpoint` yet, in whatever process. Listeners of one user may share a port
    /// without knowing of each other, so this is asked before the first is opened. The error is a sentence as
    /// of `open`.
    [[nodiscard]] static tl::expected<void, std::string> check_free(const Endpoint& endpoint);

    ~Listener() override;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Accepts what the kernel holds already, and no more: from then on it is as if it had been destroyed.
    /// What these connections say is read in the next turn, so that a storm of them keeps nobody waiting. On
    /// the loop's thread.
    void stop();

    /// The port in use, also when the kernel chose it.
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    enum class FirstRead : bool { at_once, in_the_next_turn };

    Listener(Loop& loop, StreamSet& streams, int fd, std::uint16_t port, Accept accept, TlsContext* tls);

    void on_ready(std::uint32_t events) override;
    int accept_some(FirstRead first_read);
    [[nodiscard]] Stream* adopt(int fd);
    void close_socket();
    void on_timer() override;
    void pause_accepting(int error);

    Loop& loop_;
    StreamSet& streams_;
    Accept accept_;
    TlsContext* tls_;
    int fd_;
    std::uint16_t port_;
};

}  // namespace parley::net
