#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::bench {

/// What a process has used. `cpu_ns` is that of all its threads, since its start.
struct ProcessUsage {
    std::uint64_t cpu_ns = 0;
    std::uint64_t resident_bytes = 0;
    std::uint64_t proportional_bytes = 0;  // shared pages divided by those who share them; 0: not told
};

/// Of /proc/PID; empty when there is no such process, or we may not look.
[[nodiscard]] std::optional<ProcessUsage> usage_of(std::int64_t pid);

/// CPU time of this process, all threads.
[[nodiscard]] std::uint64_t own_cpu_ns();

/// Memory of the kernel for what it keeps of sockets, files and epoll (the slab caches of /proc/meminfo) and
/// for what waits in TCP (/proc/net/sockstat). It is that of the whole machine, whoever uses it; empty when
/// the kernel does not tell.
[[nodiscard]] std::optional<std::uint64_t> kernel_memory_bytes();

/// What the processors of this machine have had to do, in clock ticks of all of them, since its start.
struct MachineUsage {
    std::uint64_t ticks = 0;
    std::uint64_t stolen_ticks = 0;  // when a hypervisor gave a processor to others although it was wanted
};
[[nodiscard]] std::optional<MachineUsage> machine_usage();

// The readers of those files, pure.

/// Clock ticks of user and system time in the text of /proc/PID/stat.
[[nodiscard]] std::optional<std::uint64_t> read_cpu_ticks(std::string_view stat);

/// The line of all processors in the text of /proc/stat.
[[nodiscard]] std::optional<MachineUsage> read_machine_usage(std::string_view stat);

/// The number of kB behind `name:` in /proc/PID/status, smaps_rollup or /proc/meminfo, in bytes.
[[nodiscard]] std::optional<std::uint64_t> read_kib_line(std::string_view text, std::string_view name);

/// Pages of memory in /proc/net/sockstat.
[[nodiscard]] std::optional<std::uint64_t> read_tcp_pages(std::string_view sockstat);

}  // namespace parley::bench
