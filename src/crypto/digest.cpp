#include "crypto/digest.hpp"

#include <array>

#include <openssl/evp.h>

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "crypto/hex.hpp"

namespace parley::crypto {

namespace {

/// Fetched once: an implicit fetch per call is slow in OpenSSL 3.0.
const EVP_MD* digest_named(const char* name) {
    const EVP_MD* digest = EVP_MD_fetch(nullptr, name, nullptr);
    PARLEY_CHECK(digest != nullptr, "OpenSSL lacks a digest that the protocols need");
    return digest;
}

std::string digest_of(const EVP_MD* digest, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    PARLEY_CHECK(EVP_Digest(text.data(), text.size(), out.data(), &size, digest, nullptr) == 1,
                 "OpenSSL failed to compute a digest");
    return {reinterpret_cast<const char*>(out.data()), size};
}

}  // namespace

std::string md5_hex(std::string_view text) {
    static const EVP_MD* const md5 = digest_named("MD5");
    return to_hex(as_bytes(digest_of(md5, text)));
}

std::string sha1(std::string_view text) {
    static const EVP_MD* const algorithm = digest_named("SHA1");
    return digest_of(algorithm, text);
}

std::string sha256_hex(std::string_view text) {
    static const EVP_MD* const algorithm = digest_named("SHA256");
    return to_hex(as_bytes(digest_of(algorithm, text)));
}

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3), '\0');
    // EVP_EncodeBlock writes a terminating zero too; a std::string has room for it.
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                    reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    return text;
}

}  // namespace parley::crypto
