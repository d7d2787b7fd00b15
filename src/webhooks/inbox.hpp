#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "hub/app.hpp"
#include "webhooks/event.hpp"

namespace parley::webhooks {

/// What other threads tell the dispatcher's. Bounded: an app whose events take too much memory loses the
/// newest of them. Any thread.
class Inbox {
public:
    /// `bytes_max`: of the events of one app.
    explicit Inbox(std::int64_t bytes_max) : bytes_max_(bytes_max) {}

    void set_bytes_max(std::int64_t bytes_max);

    /// Whether whoever takes the content must be woken; else it was already.
    enum class Wake : bool { no, yes };

    /// An event has happened. `app` must outlive the inbox.
    [[nodiscard]] Wake put(const hub::App& app, Event event);

    /// Something is to be done on the dispatcher's thread.
    [[nodiscard]] Wake put(std::function<void()> task);

    struct Happened {
        const hub::App* app;
        Event event;
    };
    struct Content {
        std::vector<Happened> events = {};
        std::vector<std::function<void()>> tasks = {};
        std::map<const hub::App*, std::uint64_t> lost = {};  // events that did not fit
    };

    /// All that has come since it was asked the last time.
    [[nodiscard]] Content take();

private:
    [[nodiscard]] Wake wake();

    std::mutex mutex_;
    std::int64_t bytes_max_;
    bool woken_ = false;
    Content content_;
    std::map<const hub::App*, std::size_t> bytes_;
};

}  // namespace parley::webhooks
