#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "net/outbox.hpp"
#include "net/socket_io.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace parley::net {

class TlsContext;

/// The server's side of TLS on one non-blocking socket, which it reads and writes itself. Made by
/// `TlsContext::accept`, owned by a `Stream`, and used on the stream's loop only.
class TlsSession {
public:
    /// Which readiness of the socket lets it go on.
    struct Interest {
        bool input = false;
        bool output = false;
    };

    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    /// Whether the handshake is complete. Nothing can be sent or received before.
    [[nodiscard]] bool established() const { return established_; }

    /// Goes on with the handshake. `done`: established. `peer_ended`: the peer left without a word about why.
    [[nodiscard]] Transfer shake_hands();

    /// After a failed handshake: logs why, within limits, and returns what is to be said in plain to a peer
    /// that spoke no TLS, or nothing. `peer` is its address.
    [[nodiscard]] std::string_view explain_failure(std::string_view peer);

    /// Decrypts what has arrived into `buffer`. A peer may end its output with TLS's close_notify or by
    /// ending the connection: what is spoken over it (HTTP, WebSocket) says itself whether it is complete.
    [[nodiscard]] Received receive(MutableBytes buffer);

    /// Whether `receive` has something to give of which the socket's readiness tells nothing any more.
    [[nodiscard]] bool holds_input() const;

    /// Writes from the front of `outbox`, small frames together in one record. `done`: nothing is left in it.
    [[nodiscard]] Transfer transmit(Outbox& outbox);

    /// Bytes at the front of the outbox that are encrypted already, wholly or in part, and must follow.
    [[nodiscard]] std::size_t begun_bytes() const { return begun_bytes_; }

    /// Says that nothing more will be sent (close_notify). `done`: the kernel has taken it.
    [[nodiscard]] Transfer end_output();

    /// What to wait for in order to go on with the handshake, or else to read if `reads` and write if
    /// `writes`: TLS may have to write in order to read and the other way round.
    [[nodiscard]] Interest interest(bool reads, bool writes) const;

private:
    friend class TlsContext;

    TlsSession(TlsContext& owner, std::shared_ptr<ssl_ctx_st> context, ssl_st* ssl);

    [[nodiscard]] Transfer outcome(int result);

    TlsContext& owner_;
    std::shared_ptr<ssl_ctx_st> context_;  // the one that was the newest when the connection came
    ssl_st* ssl_;
    std::size_t begun_bytes_ = 0;
    unsigned long error_ = 0;  // OpenSSL's, why it failed
    Transfer read_ = Transfer::wants_read;
    Transfer write_ = Transfer::wants_write;
    bool established_ = false;
};

}  // namespace parley::net
