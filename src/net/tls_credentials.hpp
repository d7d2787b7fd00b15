#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "net/tls_ticket_keys.hpp"

struct ssl_ctx_st;

namespace parley::net {

/// What a server needs for TLS.
struct TlsOptions {
    std::string certificate_file;         // PEM: the certificate, then those that lead to its root
    std::string key_file;                 // PEM
    std::string passphrase = {};          // of an encrypted key
    std::string protocol = {};            // name of what is spoken over TLS (ALPN, RFC 7301); empty for any
    std::string answer_without_tls = {};  // sent to a peer that speaks plain HTTP, before it is cut off
};

/// A certificate with its key, ready for connections.
struct TlsCredentials {
    std::shared_ptr<ssl_ctx_st> context;
    std::string subject;         // of the certificate, or its first name when it has no subject
    std::int64_t expires_s = 0;  // seconds since 1970-01-01 UTC
};

/// Reads the files: TLS 1.2 and 1.3 with forward secrecy and authenticated ciphers only, no renegotiation, no
/// keys that are too short. The context keeps `options`; `ticket_keys` must outlive it. The error is a
/// sentence about what is wrong with which file. Any thread.
[[nodiscard]] tl::expected<TlsCredentials, std::string> load_tls_credentials(
    const std::shared_ptr<const TlsOptions>& options, TlsTicketKeys& ticket_keys);

}  // namespace parley::net
