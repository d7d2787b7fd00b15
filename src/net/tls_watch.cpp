#include "net/tls_watch.hpp"

#include <utility>

#include "base/log.hpp"

namespace parley::net {

TlsWatch::TlsWatch(Loop& loop, TlsContext& context)
    : loop_(loop),
      context_(context),
      seen_(context.stamps_in_use()),
      expiry_due_ms_(loop.now_ms() + expiry_interval_ms) {
    loop_.set_timer(*this, interval_ms);
}

void TlsWatch::on_timer() {
    loop_.set_timer(*this, interval_ms);
    look();
    if (loop_.now_ms() < expiry_due_ms_) return;
    expiry_due_ms_ = loop_.now_ms() + expiry_interval_ms;
    context_.warn_of_expiry();
}

void TlsWatch::look() {
    const auto stamps = context_.stamps_now();
    const bool settled = std::exchange(seen_, stamps) == stamps;
    if (!settled || stamps == context_.stamps_in_use()) return;
    const auto reloaded = context_.reload();
    const auto error = reloaded ? std::string() : reloaded.error();
    if (!error.empty() && error != logged_error_) log::warning("tls_reload_failed", {{"reason", error}});
    logged_error_ = error;
}

}  // namespace parley::net
