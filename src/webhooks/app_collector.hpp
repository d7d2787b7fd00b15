#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "hub/app.hpp"
#include "webhooks/batch.hpp"
#include "webhooks/event.hpp"
#include "webhooks/moment.hpp"
#include "webhooks/presences.hpp"
#include "webhooks/recent_misses.hpp"
#include "webhooks/request.hpp"

namespace parley::webhooks {

/// Makes requests for the webhooks of one app of what happens in it. Follows the app's settings as they
/// change. Pure; time is handed in and never goes back.
class AppCollector {
public:
    /// Both must outlive it; `limits` may change between calls.
    AppCollector(const hub::App& app, const Limits& limits);

    /// Something has happened. What is full goes to the end of `closed`, here and below.
    void take(const Event& event, Moment now, std::vector<Request>& closed);

    /// Time has passed.
    void advance(Moment now, std::vector<Request>& closed);

    /// Nothing will happen any more: tells every departure and closes every batch.
    void flush(Moment now, std::vector<Request>& closed);

    /// When `advance` has something to do, of the steady clock.
    [[nodiscard]] std::optional<std::uint64_t> next_due_ms() const;

    /// Whether the app has no webhooks any more, so that nothing is left to do for it.
    [[nodiscard]] bool is_over() const { return hooks_.empty(); }

private:
    struct Hook {
        hub::Webhook webhook = {};
        std::string fingerprint = {};
        std::string endpoint = {};
        std::uint64_t since_arrival = 0;  // it was told of no arrival up to this one
        Batch batch = {};
    };

    void follow_limits();
    void follow_settings(Moment now, std::vector<Request>& closed);
    [[nodiscard]] bool is_wanted(Kind kind, std::string_view channel) const;
    [[nodiscard]] bool is_wanted(const Subject& subject) const;
    void tell(const Event& event, std::optional<std::uint64_t> arrival, Moment now,
              std::vector<Request>& closed);
    void tell_departed(const std::vector<Presences::Departed>& departed, Moment now,
                       std::vector<Request>& closed);
    void close(Hook& hook, Moment now, std::vector<Request>& closed) const;

    const hub::App& app_;
    const Limits& limits_;
    const hub::AppSettings* settings_ = nullptr;  // those that `hooks_` were made of
    std::vector<Hook> hooks_;
    Presences presences_;
    RecentMisses misses_;
};

}  // namespace parley::webhooks
