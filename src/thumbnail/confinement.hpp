#pragma once

#include <cstdint>

namespace parley::thumbnail {

/// What the process may use from here on.
struct Confinement {
    std::uint64_t memory_bytes = 0;  // address space
    std::uint64_t file_bytes = 0;    // of any file that it writes
    std::uint64_t cpu_seconds = 0;
};

/// Gives up for good what reading a picture does not need: more memory, time and descriptors than a picture
/// takes, privileges, other programs and processes, the network, files to write that are not open yet. False
/// when the system refuses. Before threads are started.
[[nodiscard]] bool confine(const Confinement& confinement);

}  // namespace parley::thumbnail
