#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/clock.hpp"
#include "net/tls_credentials.hpp"
#include "net/tls_session.hpp"

namespace parley::net {

/// What tells one content of a file from another without reading it. Links are followed.
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = -1;  // -1: there is no such file
    std::int64_t changed_ns = 0;

    bool operator==(const FileStamp&) const = default;
};

/// The certificate of a server and its key, for the connections of all loops, and replaceable while they run:
/// new connections get the newest, those that exist keep theirs. Thread-safe. Must outlive its sessions.
class TlsContext {
public:
    /// Of the certificate's file and the key's.
    using Stamps = std::array<FileStamp, 2>;

    /// Reads the files, and has the process ignore SIGPIPE, which OpenSSL raises for a peer that is gone.
    /// `clock` must outlive it. The error is a sentence.
    [[nodiscard]] static tl::expected<std::unique_ptr<TlsContext>, std::string> open(TlsOptions options,
                                                                                     const Clock& clock);

    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    /// Reads the files again, and logs what they hold (`tls_reloaded`). On failure, of which the error is a
    /// sentence, everything stays as it was: not even half of a change is ever used.
    [[nodiscard]] tl::expected<void, std::string> reload();

    /// The same with `options`, whose files may be others and which hold from then on, but for
    /// `answer_without_tls`.
    [[nodiscard]] tl::expected<void, std::string> reload(TlsOptions options);

    /// The files as they are in the file system, and as they were when what is in use was read: where they
    /// differ, a reload is due.
    [[nodiscard]] Stamps stamps_now() const;
    [[nodiscard]] Stamps stamps_in_use() const;

    /// Logs a warning when the certificate has expired or will within two weeks (`tls_certificate_expires`).
    void warn_of_expiry() const;

    /// A session for the connection `fd`, which stays the caller's; null when memory is lacking.
    [[nodiscard]] std::unique_ptr<TlsSession> accept(int fd);

    /// Logs why a handshake failed (`tls_handshake_failed`): a few a minute, since anybody can cause it.
    void log_refusal(std::string_view peer, std::string_view reason);

    [[nodiscard]] std::string_view answer_without_tls() const { return answer_without_tls_; }

private:
    TlsContext(std::string answer_without_tls, const Clock& clock);

    using SharedOptions = std::shared_ptr<const TlsOptions>;

    [[nodiscard]] tl::expected<void, std::string> load(SharedOptions options, std::string_view log_event);
    [[nodiscard]] SharedOptions options_in_use() const;

    const std::string answer_without_tls_;
    const Clock& clock_;
    TlsTicketKeys ticket_keys_;
    std::mutex load_mutex_;  // one at a time

    mutable std::mutex mutex_;  // guards what follows
    SharedOptions options_;
    TlsCredentials credentials_;
    Stamps stamps_;
    std::uint64_t refusals_since_ms_ = 0;
    std::uint64_t refusals_ = 0;  // since then
};

}  // namespace parley::net
