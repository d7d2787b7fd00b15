#include "chat/moment.hpp"

#include <ctime>

#include <fmt/format.h>

namespace parley::chat {

std::string format_moment(Moment moment) {
    const std::time_t seconds = moment / 1000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                       utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, moment % 1000);
}

}  // namespace parley::chat
