#include "net/tls_context.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/log.hpp"

namespace parley::net {

namespace {

constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t warned_before_s = 14 * day_s;

constexpr std::uint64_t refusal_window_ms = 60'000;
constexpr std::uint64_t refusals_logged_per_window = 10;

FileStamp stamp_of(const std::string& path) {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) return {};
    return {.device = status.st_dev,
            .inode = status.st_ino,
            .size = status.st_size,
            .changed_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

TlsContext::Stamps stamps_of(const TlsOptions& options) {
    return {stamp_of(options.certificate_file), stamp_of(options.key_file)};
}

std::string date_of(std::int64_t seconds) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

}  // namespace

TlsContext::TlsContext(std::string answer_without_tls, const Clock& clock)
    : answer_without_tls_(std::move(answer_without_tls)), clock_(clock), ticket_keys_(clock) {}

tl::expected<std::unique_ptr<TlsContext>, std::string> TlsContext::open(TlsOptions options,
                                                                        const Clock& clock) {
    std::signal(SIGPIPE, SIG_IGN);
    auto context = std::unique_ptr<TlsContext>(new TlsContext(options.answer_without_tls, clock));
    auto loaded = context->load(std::make_shared<const TlsOptions>(std::move(options)), "tls_loaded");
    if (!loaded) return tl::unexpected(std::move(loaded.error()));
    return context;
}

tl::expected<void, std::string> TlsContext::reload() {
    const std::lock_guard loading(load_mutex_);
    return load(options_in_use(), "tls_reloaded");
}

tl::expected<void, std::string> TlsContext::reload(TlsOptions options) {
    const std::lock_guard loading(load_mutex_);
    return load(std::make_shared<const TlsOptions>(std::move(options)), "tls_reloaded");
}

/// One at a time.
tl::expected<void, std::string> TlsContext::load(SharedOptions options, std::string_view log_event) {
    // Before the files are read: what changes while they are is noticed as a change afterwards.
    const auto stamps = stamps_of(*options);
    auto loaded = load_tls_credentials(options, ticket_keys_);
    if (!loaded) return tl::unexpected(std::move(loaded.error()));
    const auto subject = loaded->subject;
    const auto expires = date_of(loaded->expires_s);
    {
        const std::lock_guard lock(mutex_);
        options_ = std::move(options);
        credentials_ = std::move(*loaded);
        stamps_ = stamps;
    }
    // Only now: who reads it may count on it.
    log::info(log_event, {{"subject", subject}, {"expires", expires}});
    warn_of_expiry();
    return {};
}

TlsContext::SharedOptions TlsContext::options_in_use() const {
    const std::lock_guard lock(mutex_);
    return options_;
}

TlsContext::Stamps TlsContext::stamps_now() const { return stamps_of(*options_in_use()); }

TlsContext::Stamps TlsContext::stamps_in_use() const {
    const std::lock_guard lock(mutex_);
    return stamps_;
}

void TlsContext::warn_of_expiry() const {
    std::string subject;
    std::int64_t expires_s = 0;
    {
        const std::lock_guard lock(mutex_);
        subject = credentials_.subject;
        expires_s = credentials_.expires_s;
    }
    const auto left_s = expires_s - clock_.unix_ms() / 1000;
    if (left_s > warned_before_s) return;
    log::warning("tls_certificate_expires", {{"subject", subject},
                                             {"expires", date_of(expires_s)},
                                             {"expired", left_s <= 0},
                                             {"days_left", left_s / day_s}});
}

std::unique_ptr<TlsSession> TlsContext::accept(int fd) {
    std::shared_ptr<ssl_ctx_st> context;
    {
        const std::lock_guard lock(mutex_);
        context = credentials_.context;
    }
    ERR_clear_error();
    SSL* const ssl = SSL_new(context.get());
    if (ssl == nullptr) return nullptr;
    auto session = std::unique_ptr<TlsSession>(new TlsSession(*this, std::move(context), ssl));
    if (SSL_set_fd(ssl, fd) != 1) return nullptr;
    SSL_set_accept_state(ssl);
    return session;
}

void TlsContext::log_refusal(std::string_view peer, std::string_view reason) {
    std::uint64_t unlogged = 0;
    {
        const std::lock_guard lock(mutex_);
        const auto now_ms = clock_.steady_ms();
        if (now_ms - refusals_since_ms_ >= refusal_window_ms) {
            unlogged = refusals_ - std::min(refusals_, refusals_logged_per_window);
            refusals_since_ms_ = now_ms;
            refusals_ = 0;
        }
        if (++refusals_ > refusals_logged_per_window) return;
    }
    log::info("tls_handshake_failed", {{"peer", peer}, {"reason", reason}, {"unlogged_before", unlogged}});
}

}  // namespace parley::net
