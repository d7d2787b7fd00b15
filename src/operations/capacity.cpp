#include "operations/capacity.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/log.hpp"

namespace parley::operations {

namespace {

constexpr std::int64_t few_connections = 10'000;

/// The limit of open files after it has been raised, or `unlimited`.
std::int64_t raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return unlimited;
    const auto allowed = std::exchange(limit.rlim_cur, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        log::warning("open_file_limit_not_raised", {{"reason", std::generic_category().message(errno)}});
        limit.rlim_cur = allowed;
    }
    return limit.rlim_cur == RLIM_INFINITY ? unlimited : static_cast<std::int64_t>(limit.rlim_cur);
}

}  // namespace

Capacity capacity_of(std::int64_t descriptors_max, std::int64_t reserved_wanted) {
    if (descriptors_max == unlimited) return {};
    const auto reserved = std::min(reserved_wanted, descriptors_max / 4);
    return {.descriptors_max = descriptors_max,
            .reserved = reserved,
            .connections_max = descriptors_max - reserved};
}

Capacity make_room_for_connections(std::int64_t reserved_wanted) {
    const auto capacity = capacity_of(raise_descriptor_limit(), reserved_wanted);
    log::info("capacity", {{"open_file_limit", capacity.descriptors_max},
                           {"reserved_descriptors", capacity.reserved},
                           {"max_connections", capacity.connections_max}});
    if (capacity.connections_max != unlimited && capacity.connections_max < few_connections)
        log::warning("few_connections_fit",
                     {{"max_connections", capacity.connections_max},
                      {"cure", "raise the hard limit of open files: ulimit -Hn, LimitNOFILE of systemd"}});
    return capacity;
}

}  // namespace parley::operations
