#include "http/date.hpp"

#include <ctime>

#include <fmt/chrono.h>

namespace parley::http {

std::string format_date(std::int64_t unix_seconds) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(static_cast<std::time_t>(unix_seconds)));
}

}  // namespace parley::http
