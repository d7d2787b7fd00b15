#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "base/clock.hpp"

struct evp_cipher_st;
struct evp_cipher_ctx_st;
struct evp_mac_ctx_st;
struct ssl_ctx_st;
struct ssl_st;

namespace parley::net {

/// The keys that encrypt session tickets (RFC 5077, RFC 8446 section 4.6.1): a client that comes back with
/// one is spared most of the handshake, and the server keeps nothing about it. They outlive each certificate,
/// are renewed twice a day, and open tickets for one period more. Thread-safe.
class TlsTicketKeys {
public:
    static constexpr std::uint64_t period_ms = 12 * 3'600'000;

    /// `clock` must outlive it.
    explicit TlsTicketKeys(const Clock& clock);
    ~TlsTicketKeys();
    TlsTicketKeys(const TlsTicketKeys&) = delete;
    TlsTicketKeys& operator=(const TlsTicketKeys&) = delete;

    /// Has `context` use these keys, which must outlive it.
    void install(ssl_ctx_st* context);

private:
    static constexpr std::size_t name_bytes = 16;  // set by OpenSSL

    struct Key {
        std::array<std::uint8_t, name_bytes> name;
        std::array<std::uint8_t, 32> cipher;
        std::array<std::uint8_t, 32> mac;
    };
    struct Found {
        Key key;
        bool newest;
    };

    static int on_ticket(ssl_st* ssl, std::uint8_t* name, std::uint8_t* iv, evp_cipher_ctx_st* cipher,
                         evp_mac_ctx_st* mac, int encrypts);
    [[nodiscard]] static Key make_key();

    int seal(std::uint8_t* name, std::uint8_t* iv, evp_cipher_ctx_st* cipher, evp_mac_ctx_st* mac);
    int open(const std::uint8_t* name, const std::uint8_t* iv, evp_cipher_ctx_st* cipher,
             evp_mac_ctx_st* mac);
    [[nodiscard]] Key newest();
    [[nodiscard]] std::optional<Found> find(const std::uint8_t* name);
    void renew();

    const Clock& clock_;
    evp_cipher_st* const cipher_;  // fetched once: each look-up by OpenSSL 3 takes locks

    std::mutex mutex_;
    Key newest_;
    Key former_;
    std::uint64_t made_ms_;  // newest_
};

}  // namespace parley::net
