#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "webhooks/delivery_log.hpp"

namespace parley::webhooks {

/// Counts what is given up, and writes of it into the server's log at a pace that does not fill the disk. One
/// thread.
class DropReport {
public:
    /// `log` must outlive it.
    explicit DropReport(DeliveryLog& log) : log_(log) {}

    /// Requests were given up, for a `reason` that is a sentence.
    void add_requests(std::string_view app_id, std::uint64_t count, std::string_view reason,
                      std::uint64_t now_ms);

    /// The same after an attempt, which the delivery log counts itself.
    void add_attempted(std::string_view app_id, std::string_view reason, std::uint64_t now_ms);

    /// Events were lost that were not part of a request yet.
    void add_events(std::string_view app_id, std::uint64_t count, std::uint64_t now_ms);

    /// Writes what was not written yet.
    void finish();

private:
    struct Line {
        std::uint64_t requests = 0;
        std::uint64_t events = 0;
        std::string reason = {};
        std::uint64_t next_at_ms = 0;
    };

    void tell(std::string_view app_id, Line& line, std::uint64_t now_ms);
    [[nodiscard]] Line& of(std::string_view app_id);

    DeliveryLog& log_;
    std::map<std::string, Line, std::less<>> lines_;  // by app
};

}  // namespace parley::webhooks
