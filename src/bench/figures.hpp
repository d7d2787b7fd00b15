#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "bench/histogram.hpp"
#include "bench/schedule.hpp"

namespace parley::bench {

/// When messages are sent and which of them count. Those due before `measure` and those still on their way at
/// `end` are waited for, too, and missed when they are lost.
struct Window {
    Nanoseconds begin = 0;
    Nanoseconds measure = 0;
    Nanoseconds end = 0;

    [[nodiscard]] bool measures(Nanoseconds due) const { return due >= measure && due < end; }
    [[nodiscard]] double seconds() const {
        return static_cast<double>(end - measure) / static_cast<double>(nanoseconds_per_second);
    }
};

/// What one thread, or all together, have counted in one run. Latencies in nanoseconds.
struct Figures {
    Histogram connecting = {};      // from the connection to the last subscription
    Histogram publishing = {};      // until the answer
    Histogram delivering = {};      // until the event is there
    Nanoseconds opening_begin = 0;  // of the connections that listen; 0: there are none
    Nanoseconds opening_end = 0;
    std::uint64_t connected = 0;  // within the window, where connections come and go
    std::uint64_t published = 0;  // sent within the window, or answered where somebody answers
    std::uint64_t delivered = 0;  // within the window

    // Of the whole run.
    std::uint64_t sent = 0;
    std::uint64_t received = 0;  // different ones
    std::uint64_t lost = 0;
    std::uint64_t doubled = 0;
    std::uint64_t reordered = 0;
    std::uint64_t stray = 0;       // events of a channel that the connection is not subscribed to
    std::uint64_t refused = 0;     // requests or client events that the server did not accept
    std::uint64_t unanswered = 0;  // requests whose connection ended, or that the end came before
    std::uint64_t not_sent = 0;    // due, but the server was too slow to be asked
    std::uint64_t closed = 0;      // connections that the server ended
    std::uint64_t cut_off = 0;     // of those that did not read
    std::string first_refusal = {};

    void merge(const Figures& other);

    /// Whether every message came once, in order, and nothing was refused or closed.
    [[nodiscard]] bool clean() const;
};

/// What the threads of a run show of themselves while it lasts.
struct Live {
    std::atomic<std::uint64_t> prepared{0};  // what must be there before the connections
    std::atomic<std::uint64_t> connected{0};
    std::atomic<std::uint64_t> published{0};
    std::atomic<std::uint64_t> delivered{0};
    std::atomic<std::uint64_t> expected{0};  // deliveries of what was published
    std::atomic<std::uint64_t> cut_off{0};   // of those who do not read
};

/// The first reason for which a run cannot go on. Any thread.
class Failure {
public:
    void set(std::string sentence) {
        const std::lock_guard lock(mutex_);
        if (!sentence_) sentence_ = std::move(sentence);
    }
    [[nodiscard]] std::optional<std::string> get() const {
        const std::lock_guard lock(mutex_);
        return sentence_;
    }

private:
    mutable std::mutex mutex_;
    std::optional<std::string> sentence_;
};

}  // namespace parley::bench
