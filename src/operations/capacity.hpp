#pragma once

#include <cstdint>

#include "base/limits.hpp"

namespace parley::operations {

/// How many connections this process has room for: each is a file descriptor.
struct Capacity {
    std::int64_t descriptors_max = unlimited;  // the limit of open files
    std::int64_t reserved = 0;                 // kept back for the HTTP API, the database and all else
    std::int64_t connections_max = unlimited;  // the rest
};

/// What `descriptors_max` open files have room for. `reserved_wanted`: limits.reserved_descriptors; no more
/// than a quarter is kept back.
[[nodiscard]] Capacity capacity_of(std::int64_t descriptors_max, std::int64_t reserved_wanted);

/// Raises the limit of open files as far as the system allows, and says in the log what fits, with a warning
/// when that is little.
[[nodiscard]] Capacity make_room_for_connections(std::int64_t reserved_wanted);

}  // namespace parley::operations
