#pragma once

#include <cstdint>

namespace parley::operations {

/// What the system says of this process. What it does not say is 0.
struct ProcessFacts {
    std::uint64_t cpu_ms = 0;          // used by all threads since the start
    std::uint64_t resident_bytes = 0;  // in memory
    std::uint64_t memory_bytes = 0;  // there is for it: the machine's, or less if its control group has less
    std::uint64_t open_descriptors = 0;

    /// Of the memory that there is, in hundredths; 0 when that is not known.
    [[nodiscard]] double memory_percent() const {
        if (memory_bytes == 0) return 0;
        return 100.0 * static_cast<double>(resident_bytes) / static_cast<double>(memory_bytes);
    }
};

/// Asks the system. Takes some ten microseconds; on kernels before 6.2, about one more for each descriptor.
[[nodiscard]] ProcessFacts read_process_facts();

/// The same of memory alone; the rest stays 0. For loops: it takes no longer with more descriptors.
[[nodiscard]] ProcessFacts read_memory_facts();

}  // namespace parley::operations
