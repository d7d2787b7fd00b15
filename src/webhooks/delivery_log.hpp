#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace parley::webhooks {

/// One attempt to deliver one request.
struct Attempt {
    std::int64_t at_ms = 0;  // when it ended, milliseconds since 1970
    std::string app_id = {};
    std::string url = {};          // without user, password, query and fragment, which may be secret
    std::size_t event_count = 0;   // in the request
    std::int64_t number = 0;       // 1 for the first attempt of this request
    std::int64_t duration_ms = 0;  // from its start to the end of the answer
    int status = 0;                // of the answer; 0: there was none
    std::string error = {};        // why it counts as failed, a sentence; empty: delivered
};

/// What became of the requests and events of one app since the server started.
struct AppTotals {
    std::string app_id = {};
    std::uint64_t sent = 0;            // requests that were delivered
    std::uint64_t retried = 0;         // attempts after which the request is tried again
    std::uint64_t dropped = 0;         // requests that were given up: too old, or too many waited
    std::uint64_t dropped_events = 0;  // events of which no request was ever made: too much waited
    std::uint64_t waiting = 0;         // requests that are still to be delivered, those being tried included
};

using Totals = std::vector<AppTotals>;

/// The last attempts to deliver, and counts of all. Any thread.
class DeliveryLog {
public:
    /// How many attempts are kept.
    static constexpr std::size_t attempts_max = 100;

    /// The last attempts, newest first.
    [[nodiscard]] std::vector<Attempt> attempts() const;

    /// By app id in alphabetical order; apps that never had a request are not there.
    [[nodiscard]] Totals totals() const;

    // For the dispatcher.

    enum class Outcome : std::uint8_t { sent, will_retry, dropped };

    /// An attempt has ended.
    void record(Attempt attempt, Outcome outcome);

    /// Requests have come to those that wait; they may be the ones of an earlier run.
    void add_waiting(std::string_view app_id, std::uint64_t count);

    /// Requests that waited were given up without a further attempt.
    void add_dropped(std::string_view app_id, std::uint64_t count);

    /// Events were lost before they were part of a request.
    void add_dropped_events(std::string_view app_id, std::uint64_t count);

private:
    AppTotals& of(std::string_view app_id);

    mutable std::mutex mutex_;
    std::deque<Attempt> attempts_;  // oldest first
    std::map<std::string, AppTotals, std::less<>> totals_;
};

}  // namespace parley::webhooks
