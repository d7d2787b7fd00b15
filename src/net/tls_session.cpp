#include "net/tls_session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/tls_context.hpp"

namespace parley::net {

namespace {

constexpr std::size_t record_bytes_max = SSL3_RT_MAX_PLAIN_LENGTH;

// A smaller record is most likely the last one for now, and asking in vain costs a system call.
constexpr std::size_t record_bytes_before_more = 4'096;

}  // namespace

TlsSession::TlsSession(TlsContext& owner, std::shared_ptr<ssl_ctx_st> context, ssl_st* ssl)
    : owner_(owner), context_(std::move(context)), ssl_(ssl) {}

TlsSession::~TlsSession() { SSL_free(ssl_); }

Transfer TlsSession::shake_hands() {
    ERR_clear_error();
    read_ = outcome(SSL_do_handshake(ssl_));
    established_ = read_ == Transfer::done;
    return read_;
}

std::string_view TlsSession::explain_failure(std::string_view peer) {
    const auto* const reason = ERR_reason_error_string(error_);
    const bool plain = ERR_GET_REASON(error_) == SSL_R_HTTP_REQUEST;
    owner_.log_refusal(peer, plain               ? "the peer speaks plain HTTP, and this port speaks TLS only"
                             : reason != nullptr ? reason
                                                 : "the connection was lost");
    return plain ? owner_.answer_without_tls() : std::string_view();
}

Received TlsSession::receive(MutableBytes buffer) {
    Received received;
    // What has ended stays so; OpenSSL is not to be asked again.
    if (read_ == Transfer::peer_ended || read_ == Transfer::failed) return {read_};
    std::size_t record = 0;
    do {
        ERR_clear_error();
        const auto rest = buffer.subspan(received.bytes);
        read_ = outcome(SSL_read_ex(ssl_, rest.data(), rest.size(), &record));
        if (read_ != Transfer::done) break;
        received.bytes += record;
    } while (received.bytes < buffer.size() && (record >= record_bytes_before_more || SSL_pending(ssl_) > 0));
    if (received.bytes == 0) received.transfer = read_;
    return received;
}

bool TlsSession::holds_input() const {
    return SSL_pending(ssl_) > 0 || read_ == Transfer::peer_ended || read_ == Transfer::failed;
}

Transfer TlsSession::transmit(Outbox& outbox) {
    while (!outbox.empty()) {
        if (!established_) return Transfer::wants_read;
        std::array<std::uint8_t, record_bytes_max> record;
        const auto bytes = outbox.front(record);
        std::size_t written = 0;
        ERR_clear_error();
        write_ = outcome(SSL_write_ex(ssl_, bytes.data(), bytes.size(), &written));
        begun_bytes_ = write_ == Transfer::done ? 0 : bytes.size();
        if (write_ != Transfer::done) return write_ == Transfer::peer_ended ? Transfer::failed : write_;
        outbox.consume(written);
    }
    return Transfer::done;
}

Transfer TlsSession::end_output() {
    ERR_clear_error();
    const int result = SSL_shutdown(ssl_);
    // 0: ours is out, and the peer's has not come, for which nobody waits.
    write_ = result == 0 ? Transfer::done : outcome(result);
    return write_;
}

TlsSession::Interest TlsSession::interest(bool reads, bool writes) const {
    if (!established_) return {read_ != Transfer::wants_write, read_ == Transfer::wants_write};
    const bool reads_by_writing = read_ == Transfer::wants_write;
    const bool writes_by_reading = write_ == Transfer::wants_read;
    return {(reads && !reads_by_writing) || (writes && writes_by_reading),
            (writes && !writes_by_reading) || (reads && reads_by_writing)};
}

Transfer TlsSession::outcome(int result) {
    if (result > 0) return Transfer::done;
    switch (SSL_get_error(ssl_, result)) {
        case SSL_ERROR_WANT_READ:
            return Transfer::wants_read;
        case SSL_ERROR_WANT_WRITE:
            return Transfer::wants_write;
        case SSL_ERROR_ZERO_RETURN:
            return Transfer::peer_ended;
        default:
            error_ = ERR_peek_error();
            // Others on this thread look at the same queue.
            ERR_clear_error();
            return Transfer::failed;
    }
}

}  // namespace parley::net
