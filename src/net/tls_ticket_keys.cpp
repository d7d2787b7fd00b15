#include "net/tls_ticket_keys.hpp"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include "base/bytes.hpp"
#include "base/check.hpp"

namespace parley::net {

namespace {

constexpr int iv_bytes = 16;  // of AES

// What OpenSSL understands from the answer about a ticket.
constexpr int failed = -1;
constexpr int unknown_key = 0;
constexpr int usable = 1;
constexpr int usable_and_to_be_replaced = 2;

bool set_mac_key(EVP_MAC_CTX* mac, std::array<std::uint8_t, 32>& key) {
    char digest[] = "SHA256";
    const std::array<OSSL_PARAM, 3> parameters = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.data(), key.size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(mac, parameters.data()) == 1;
}

}  // namespace

TlsTicketKeys::TlsTicketKeys(const Clock& clock)
    : clock_(clock),
      cipher_(EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr)),
      newest_(make_key()),
      former_(make_key()),
      made_ms_(clock.steady_ms()) {
    PARLEY_CHECK(cipher_ != nullptr, "OpenSSL has AES");
}

TlsTicketKeys::~TlsTicketKeys() { EVP_CIPHER_free(cipher_); }

void TlsTicketKeys::install(ssl_ctx_st* context) {
    PARLEY_CHECK(SSL_CTX_set_app_data(context, this) == 1 &&
                     SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &TlsTicketKeys::on_ticket) == 1,
                 "a context takes ticket keys");
}

int TlsTicketKeys::on_ticket(ssl_st* ssl, std::uint8_t* name, std::uint8_t* iv, evp_cipher_ctx_st* cipher,
                             evp_mac_ctx_st* mac, int encrypts) {
    auto* const self = static_cast<TlsTicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    return encrypts != 0 ? self->seal(name, iv, cipher, mac) : self->open(name, iv, cipher, mac);
}

int TlsTicketKeys::seal(std::uint8_t* name, std::uint8_t* iv, evp_cipher_ctx_st* cipher,
                        evp_mac_ctx_st* mac) {
    auto key = newest();
    std::copy(key.name.begin(), key.name.end(), name);
    const bool sealed = RAND_bytes(iv, iv_bytes) == 1 &&
                        EVP_EncryptInit_ex2(cipher, cipher_, key.cipher.data(), iv, nullptr) == 1 &&
                        set_mac_key(mac, key.mac);
    return sealed ? usable : failed;
}

int TlsTicketKeys::open(const std::uint8_t* name, const std::uint8_t* iv, evp_cipher_ctx_st* cipher,
                        evp_mac_ctx_st* mac) {
    auto found = find(name);
    if (!found) return unknown_key;
    const bool opened = EVP_DecryptInit_ex2(cipher, cipher_, found->key.cipher.data(), iv, nullptr) == 1 &&
                        set_mac_key(mac, found->key.mac);
    if (!opened) return failed;
    return found->newest ? usable : usable_and_to_be_replaced;
}

TlsTicketKeys::Key TlsTicketKeys::newest() {
    const std::lock_guard lock(mutex_);
    renew();
    return newest_;
}

std::optional<TlsTicketKeys::Found> TlsTicketKeys::find(const std::uint8_t* name) {
    const std::lock_guard lock(mutex_);
    renew();
    for (const auto* const key : {&newest_, &former_})
        if (std::equal(key->name.begin(), key->name.end(), name)) return Found{*key, key == &newest_};
    return std::nullopt;
}

/// Replaces the keys that are too old. The caller holds the lock.
void TlsTicketKeys::renew() {
    const auto now_ms = clock_.steady_ms();
    const auto age_ms = now_ms - made_ms_;
    if (age_ms < period_ms) return;
    former_ = age_ms < 2 * period_ms ? newest_ : make_key();
    newest_ = make_key();
    made_ms_ = now_ms;
}

TlsTicketKeys::Key TlsTicketKeys::make_key() {
    Key key;
    for (const MutableBytes part : {MutableBytes(key.name), MutableBytes(key.cipher), MutableBytes(key.mac)})
        PARLEY_CHECK(RAND_bytes(part.data(), static_cast<int>(part.size())) == 1, "OpenSSL has randomness");
    return key;
}

}  // namespace parley::net
