#pragma once

#include <cstdint>
#include <string>

#include "net/loop.hpp"
#include "net/tls_context.hpp"

namespace parley::net {

/// Notices that the files of a TLS context have changed, and reloads it: within two seconds, however they are
/// replaced (written over, renamed, a link that leads elsewhere). It waits until they stay the same for a
/// second, since certificate and key are seldom replaced at once, and tries again and again while they do not
/// fit, logging each reason once (`tls_reload_failed`).
class TlsWatch final : private Timer {
public:
    static constexpr std::uint64_t interval_ms = 1'000;

    /// `loop`, which looks at the files, and `context` must outlive it. Made before the loop runs and
    /// destroyed after, or on the loop.
    TlsWatch(Loop& loop, TlsContext& context);

private:
    static constexpr std::uint64_t expiry_interval_ms = 24 * 3'600'000;

    void on_timer() override;
    void look();

    Loop& loop_;
    TlsContext& context_;
    TlsContext::Stamps seen_;
    std::string logged_error_;
    std::uint64_t expiry_due_ms_;
};

}  // namespace parley::net
