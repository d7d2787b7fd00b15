#include "crypto/password.hpp"

#include <array>

#include <sodium.h>

#include "base/check.hpp"

namespace parley::crypto {

namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = std::size_t{19} * 1'024 * 1'024;

using HashText = std::array<char, crypto_pwhash_STRBYTES>;

/// libsodium chooses its implementations once; sodium_init may be called by any thread, again and again.
void initialise() { PARLEY_CHECK(sodium_init() >= 0, "libsodium cannot be initialised"); }

}  // namespace

std::string hash_password(std::string_view password) {
    initialise();
    HashText text{};
    PARLEY_CHECK(crypto_pwhash_str(text.data(), password.data(), password.size(), passes, memory_bytes) == 0,
                 "no memory to hash a password");
    return text.data();
}

bool verify_password(std::string_view hash, std::string_view password) {
    initialise();
    // libsodium reads up to a terminating zero.
    const std::string text(hash);
    return crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) == 0;
}

void pretend_to_verify_password(std::string_view password) {
    static const std::string nobodys_hash = hash_password("");
    static_cast<void>(verify_password(nobodys_hash, password));
}

bool needs_rehash(std::string_view hash) {
    initialise();
    const std::string text(hash);
    return crypto_pwhash_str_needs_rehash(text.c_str(), passes, memory_bytes) != 0;
}

}  // namespace parley::crypto
