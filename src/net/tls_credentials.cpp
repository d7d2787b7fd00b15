#include "net/tls_credentials.hpp"

#include <ctime>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/bytes.hpp"
#include "base/check.hpp"

namespace parley::net {

namespace {

using Context = std::shared_ptr<SSL_CTX>;

// 112 bits: RSA from 2,048 bits on, nothing signed with SHA-1.
constexpr int security_level = 2;

constexpr const char* ciphers_of_tls_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* groups = "X25519:P-256:P-384";

/// Why OpenSSL's last call failed, beginning with the cause.
std::string reason() {
    const auto error = ERR_peek_error();
    ERR_clear_error();
    if (ERR_SYSTEM_ERROR(error)) return std::generic_category().message(ERR_GET_REASON(error));
    const auto* const text = ERR_reason_error_string(error);
    return text != nullptr ? text : "OpenSSL does not say why";
}

/// Gives the passphrase to OpenSSL, which without this would ask on the terminal.
int give_passphrase(char* buffer, int size, int /*writes*/, void* passphrase) {
    const auto& text = *static_cast<const std::string*>(passphrase);
    if (text.empty() || text.size() > static_cast<std::size_t>(size)) return -1;
    return static_cast<int>(text.copy(buffer, text.size()));
}

/// Agrees on the protocol if the peer offers it, and refuses a peer that wants only others.
int choose_protocol(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void* protocol) {
    auto names = as_text({offered, offered_size});
    const std::string_view wanted = *static_cast<const std::string*>(protocol);
    while (!names.empty()) {
        const auto name = names.substr(1, static_cast<unsigned char>(names.front()));
        if (name == wanted) {
            *chosen = as_bytes(name).data();
            *chosen_size = static_cast<unsigned char>(name.size());
            return SSL_TLSEXT_ERR_OK;
        }
        names.remove_prefix(1 + name.size());
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// A context for what is modern, still without a certificate. It refers to its options.
Context make_context(const std::shared_ptr<const TlsOptions>& options, TlsTicketKeys& ticket_keys) {
    const Context context(SSL_CTX_new(TLS_server_method()), [options](SSL_CTX* made) { SSL_CTX_free(made); });
    PARLEY_CHECK(context != nullptr, "out of memory");
    auto* const raw = context.get();
    SSL_CTX_set_security_level(raw, security_level);
    PARLEY_CHECK(SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1 &&
                     SSL_CTX_set_cipher_list(raw, ciphers_of_tls_1_2) == 1 &&
                     SSL_CTX_set1_groups_list(raw, groups) == 1,
                 "OpenSSL has what TLS 1.2 and 1.3 need");
    SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                 SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(
        raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    ticket_keys.install(raw);
    // OpenSSL's types predate const; neither is written to.
    SSL_CTX_set_default_passwd_cb(raw, &give_passphrase);
    SSL_CTX_set_default_passwd_cb_userdata(raw, const_cast<std::string*>(&options->passphrase));
    if (!options->protocol.empty())
        SSL_CTX_set_alpn_select_cb(raw, &choose_protocol, const_cast<std::string*>(&options->protocol));
    return context;
}

/// `CN=chat.example`, or the first of the other names.
std::string subject_of(const X509* certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), &BIO_free);
    X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    if (BIO_ctrl_pending(text.get()) == 0) {
        const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
            static_cast<GENERAL_NAMES*>(
                X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
            &GENERAL_NAMES_free);
        if (sk_GENERAL_NAME_num(names.get()) > 0)
            GENERAL_NAME_print(text.get(), sk_GENERAL_NAME_value(names.get(), 0));
    }
    char* data = nullptr;
    const auto size = BIO_get_mem_data(text.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::int64_t expiry_of(const X509* certificate) {
    std::tm time{};
    PARLEY_CHECK(ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) == 1,
                 "OpenSSL reads no certificate without an expiry");
    return timegm(&time);
}

}  // namespace

tl::expected<TlsCredentials, std::string> load_tls_credentials(
    const std::shared_ptr<const TlsOptions>& options, TlsTicketKeys& ticket_keys) {
    ERR_clear_error();
    auto context = make_context(options, ticket_keys);
    const auto& certificate_file = options->certificate_file;
    const auto& key_file = options->key_file;
    if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1)
        return tl::unexpected(
            fmt::format("the certificate '{}' cannot be used: {}", certificate_file, reason()));
    if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1)
        return tl::unexpected(fmt::format("the key '{}' cannot be used with the certificate '{}': {}",
                                          key_file, certificate_file, reason()));
    if (SSL_CTX_check_private_key(context.get()) != 1)
        return tl::unexpected(fmt::format("the key '{}' is not that of the certificate '{}': {}", key_file,
                                          certificate_file, reason()));
    const auto* const certificate = SSL_CTX_get0_certificate(context.get());
    return TlsCredentials{
        .context = context, .subject = subject_of(certificate), .expires_s = expiry_of(certificate)};
}

}  // namespace parley::net
