#include "http/loop_context.hpp"

#include "http/date.hpp"

namespace parley::http {

std::string_view LoopContext::date() {
    // A turn has one time, so its answers share one look at the clock.
    if (date_seconds_ >= 0 && date_read_ms_ == loop_.now_ms()) return date_;
    date_read_ms_ = loop_.now_ms();
    const auto seconds = loop_.clock().unix_ms() / 1000;
    if (seconds != date_seconds_) {
        date_seconds_ = seconds;
        date_ = format_date(seconds);
    }
    return date_;
}

}  // namespace parley::http
