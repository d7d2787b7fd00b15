#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/limits.hpp"
#include "hub/app.hpp"
#include "webhooks/app_collector.hpp"

namespace parley::webhooks {

/// An `AppCollector` for each app that needs one. Pure.
class Collector {
public:
    /// `limits`, which may change between calls, must outlive it, and so must apps.
    explicit Collector(const Limits& limits) : limits_(limits) {}

    /// As those of `AppCollector`, for all apps.
    void take(const hub::App& app, const Event& event, Moment now, std::vector<Request>& closed);
    void advance(Moment now, std::vector<Request>& closed);
    void flush(Moment now, std::vector<Request>& closed);
    [[nodiscard]] std::optional<std::uint64_t> next_due_ms() const;

private:
    const Limits& limits_;
    std::map<std::uint32_t, AppCollector> apps_;  // by index
};

}  // namespace parley::webhooks
