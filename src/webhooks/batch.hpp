#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "webhooks/moment.hpp"

namespace parley::webhooks {

/// The events that one webhook has collected for its next request. Pure.
class Batch {
public:
    /// Whether an event, as JSON, has no place in it any more: close it first.
    [[nodiscard]] bool is_full_for(std::string_view event, const Limits& limits) const;

    /// Takes an event in; the first one decides when the batch is due.
    void add(std::string_view event, Moment now, const Limits& limits);

    [[nodiscard]] std::size_t event_count() const { return event_count_; }

    /// When it is to be closed; empty: there is nothing in it.
    [[nodiscard]] std::optional<std::uint64_t> due_ms() const;

    /// Ends it and begins the next: the body of the request, with this moment as its `time_ms` (HTTP API,
    /// "Webhooks", request).
    [[nodiscard]] std::string close(std::int64_t time_ms);

private:
    std::string events_;  // divided by commas
    std::size_t event_count_ = 0;
    std::uint64_t due_ms_ = 0;
};

}  // namespace parley::webhooks
