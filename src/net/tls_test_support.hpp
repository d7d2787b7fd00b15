#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "net/stream.hpp"
#include "net/test_support.hpp"
#include "net/tls_context.hpp"

namespace parley::net::test {

/// A key and the certificate that it signed itself, in PEM.
struct Identity {
    std::string certificate;
    std::string key;
};

struct IdentityOptions {
    std::string name = "localhost";
    long valid_s = 90 * 86'400;   // from now on
    int rsa_bits = 0;             // 0: P-256
    std::string passphrase = {};  // to encrypt the key with
};

inline std::string take_text(BIO* memory) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(memory);
    return text;
}

inline Identity make_identity(const IdentityOptions& options = {}) {
    EVP_PKEY* const key =
        options.rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(options.rsa_bits)) : EVP_EC_gen("P-256");
    X509* const certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -86'400);
    X509_gmtime_adj(X509_getm_notAfter(certificate), options.valid_s);
    X509_set_pubkey(certificate, key);
    auto* const name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(options.name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    if (X509_sign(certificate, key, EVP_sha256()) == 0) std::abort();

    BIO* const certificate_text = BIO_new(BIO_s_mem());
    BIO* const key_text = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(certificate_text, certificate);
    PEM_write_bio_PrivateKey(key_text, key, options.passphrase.empty() ? nullptr : EVP_aes_256_cbc(),
                             reinterpret_cast<const unsigned char*>(options.passphrase.data()),
                             static_cast<int>(options.passphrase.size()), nullptr, nullptr);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return {take_text(certificate_text), take_text(key_text)};
}

/// A directory with a certificate and its key, removed in the end.
class IdentityFolder {
public:
    explicit IdentityFolder(const Identity& identity = make_identity()) {
        std::string pattern = (std::filesystem::temp_directory_path() / "parley-tls-XXXXXX").string();
        path_ = mkdtemp(pattern.data());
        put(identity);
    }
    ~IdentityFolder() { std::filesystem::remove_all(path_); }
    IdentityFolder(const IdentityFolder&) = delete;
    IdentityFolder& operator=(const IdentityFolder&) = delete;

    void put(const Identity& identity) const {
        write("certificate.pem", identity.certificate);
        write("key.pem", identity.key);
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::trunc) << text;
    }
    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return path_ / name; }
    [[nodiscard]] TlsOptions options() const {
        return {.certificate_file = path("certificate.pem"), .key_file = path("key.pem")};
    }

private:
    std::filesystem::path path_;
};

/// Deletes an object of OpenSSL with its own function.
template <auto function>
struct Free {
    template <typename Object>
    void operator()(Object* object) const {
        function(object);
    }
};

/// How a client speaks TLS.
struct ClientOptions {
    int version = 0;  // 0: any
    SSL_SESSION* session = nullptr;
    std::string protocols = {};  // for ALPN, each behind a byte with its length
};

/// A client with TLS at the other end of a connection; trusts anybody, and never blocks.
class TlsPeer {
public:
    explicit TlsPeer(Peer peer, const ClientOptions& options = {}) : peer_(std::move(peer)) {
        context_.reset(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_security_level(context_.get(), 0);
        SSL_CTX_set_min_proto_version(context_.get(), options.version);
        SSL_CTX_set_max_proto_version(context_.get(), options.version);
        SSL_CTX_set_mode(context_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_session_cache_mode(context_.get(),
                                       SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
        SSL_CTX_sess_set_new_cb(context_.get(), [](SSL* ssl, SSL_SESSION* session) {
            static_cast<TlsPeer*>(SSL_get_app_data(ssl))->ticket_.reset(session);
            return 1;
        });
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_app_data(ssl_.get(), this);
        SSL_set_fd(ssl_.get(), peer_.fd());
        SSL_set_connect_state(ssl_.get());
        if (options.session != nullptr) {
            // A copy: OpenSSL spoils the session of a connection that does not end in order.
            const std::unique_ptr<SSL_SESSION, Free<&SSL_SESSION_free>> copy(
                SSL_SESSION_dup(options.session));
            SSL_set_session(ssl_.get(), copy.get());
        }
        if (!options.protocols.empty())
            SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(options.protocols.data()),
                                static_cast<unsigned>(options.protocols.size()));
    }
    TlsPeer(const TlsPeer&) = delete;
    TlsPeer& operator=(const TlsPeer&) = delete;

    /// Goes on with the handshake; whether it is complete.
    bool shake_hands() {
        if (failed_) return false;
        note(SSL_do_handshake(ssl_.get()));
        return SSL_is_init_finished(ssl_.get()) != 0;
    }

    /// How many bytes were taken.
    std::size_t write(std::string_view bytes) {
        std::size_t written = 0;
        if (!failed_) note(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written));
        return written;
    }

    /// What the next record holds, if it has arrived.
    std::string read_record() {
        std::string record(20'000, '\0');
        std::size_t got = 0;
        if (!failed_) note(SSL_read_ex(ssl_.get(), record.data(), record.size(), &got));
        record.resize(got);
        return record;
    }

    /// What has arrived so far.
    std::string read() {
        std::string all;
        for (auto record = read_record(); !record.empty(); record = read_record()) all += record;
        return all;
    }

    /// Whether the server has said that nothing more comes.
    [[nodiscard]] bool ended() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
    /// Whether the connection ended in another way.
    [[nodiscard]] bool failed() const { return failed_; }

    void end_output() { SSL_shutdown(ssl_.get()); }
    Peer& socket() { return peer_; }
    SSL* ssl() { return ssl_.get(); }
    /// The ticket that came last, if any.
    [[nodiscard]] SSL_SESSION* ticket() const { return ticket_.get(); }

    /// Name in the server's certificate.
    [[nodiscard]] std::string server_name() const {
        X509* const certificate = SSL_get1_peer_certificate(ssl_.get());
        char name[100] = "";
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
        X509_free(certificate);
        return name;
    }

private:
    void note(int result) {
        if (result <= 0) {
            const int error = SSL_get_error(ssl_.get(), result);
            failed_ = error == SSL_ERROR_SSL || error == SSL_ERROR_SYSCALL;
        }
        ERR_clear_error();
    }

    Peer peer_;
    std::unique_ptr<SSL_CTX, Free<&SSL_CTX_free>> context_;
    std::unique_ptr<SSL_SESSION, Free<&SSL_SESSION_free>> ticket_;
    std::unique_ptr<SSL, Free<&SSL_free>> ssl_;
    bool failed_ = false;
};

/// What happened to a `Recorder`.
struct Record {
    std::string read;
    int reads = 0;
    int drained = 0;
    int ends = 0;
    bool pauses = false;  // after the next read
};

/// Writes down what comes, and closes when its deadline has passed, as a handler of requests does.
class Recorder final : public StreamHandler {
public:
    Recorder(Stream& stream, Record& record) : stream_(stream), record_(record) {}

    void on_read(MutableBytes bytes) override {
        record_.read += as_text(bytes);
        ++record_.reads;
        if (std::exchange(record_.pauses, false)) stream_.pause_reading();
    }
    void on_deadline() override { stream_.close_after_flush(1'000); }
    void on_drained() override { ++record_.drained; }
    void on_end() override { ++record_.ends; }

private:
    Stream& stream_;
    Record& record_;
};

}  // namespace parley::net::test
