#include "crypto/hmac.hpp"

#include <array>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/check.hpp"
#include "crypto/hex.hpp"

namespace parley::crypto {

struct HmacSha256::State {
    struct Free {
        void operator()(EVP_MAC_CTX* owned) const { EVP_MAC_CTX_free(owned); }
    };
    std::unique_ptr<EVP_MAC_CTX, Free> context;
};

HmacSha256::HmacSha256(std::string_view key) : state_(std::make_unique<State>()) {
    static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    PARLEY_CHECK(algorithm != nullptr, "OpenSSL lacks HMAC");
    state_->context.reset(EVP_MAC_CTX_new(algorithm));
    std::string digest = "SHA256";
    const std::array params = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                               OSSL_PARAM_construct_end()};
    // A null key means "keep the last one" to OpenSSL, so that an empty key needs an address.
    const char empty = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(key.empty() ? &empty : key.data());
    PARLEY_CHECK(
        state_->context && EVP_MAC_init(state_->context.get(), bytes, key.size(), params.data()) == 1,
        "OpenSSL failed to key an HMAC");
}

HmacSha256::~HmacSha256() = default;
HmacSha256::HmacSha256(HmacSha256&&) noexcept = default;
HmacSha256& HmacSha256::operator=(HmacSha256&&) noexcept = default;

std::string HmacSha256::hex(std::string_view message) {
    std::array<unsigned char, 32> code{};
    std::size_t size = 0;
    auto* context = state_->context.get();
    const bool computed = EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
                          EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(message.data()),
                                         message.size()) == 1 &&
                          EVP_MAC_final(context, code.data(), &size, code.size()) == 1;
    PARLEY_CHECK(computed && size == code.size(), "OpenSSL failed to compute an HMAC");
    return to_hex(code);
}

bool equals_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace parley::crypto
