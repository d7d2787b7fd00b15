#include "bench/process_usage.hpp"

#include <unistd.h>

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

TEST(ProcessUsage, ReadsTicksWhateverTheProgramIsCalled) {
    EXPECT_EQ(read_cpu_ticks("12 (a) 1 (b c) S 1 2 3 4 5 6 7 8 9 10 100 23 0 0"), 123U);
    EXPECT_FALSE(read_cpu_ticks("12 (a) S 1 2"));
    EXPECT_FALSE(read_cpu_ticks(""));
}

TEST(ProcessUsage, ReadsLinesOfMemory) {
    constexpr auto text = "Name: x\nVmRSS:\t   1024 kB\nPss:   3 kB\n";
    EXPECT_EQ(read_kib_line(text, "VmRSS"), 1'048'576U);
    EXPECT_EQ(read_kib_line(text, "Pss"), 3'072U);
    EXPECT_FALSE(read_kib_line(text, "Pss_Anon"));
    EXPECT_FALSE(read_kib_line("\nPss: many kB", "Pss"));
}

TEST(ProcessUsage, ReadsPagesOfSockets) {
    EXPECT_EQ(
        read_tcp_pages("sockets: used 9\nTCP: inuse 5 orphan 0 tw 1 alloc 6 mem 77\nUDP: inuse 0 mem 1\n"),
        77U);
    EXPECT_FALSE(read_tcp_pages("UDP: inuse 0 mem 1\n"));
}

TEST(ProcessUsage, ReadsWhatWasTakenFromTheMachine) {
    const auto usage = read_machine_usage("cpu  100 1 20 300 4 0 5 70 9 9\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
    ASSERT_TRUE(usage);
    EXPECT_EQ(usage->stolen_ticks, 70U);
    EXPECT_EQ(usage->ticks, 500U);
    EXPECT_FALSE(read_machine_usage("cpu 1 2 3"));
    EXPECT_FALSE(read_machine_usage("intr 1 2 3 4 5 6 7 8 9"));
    EXPECT_FALSE(read_machine_usage(""));
}

TEST(ProcessUsage, KnowsThisMachine) {
    const auto usage = machine_usage();
    ASSERT_TRUE(usage);
    EXPECT_GE(usage->ticks, usage->stolen_ticks);
}

TEST(ProcessUsage, KnowsThisProcess) {
    const auto usage = usage_of(getpid());
    ASSERT_TRUE(usage);
    EXPECT_GT(usage->resident_bytes, 1'000'000U);
    EXPECT_GT(own_cpu_ns(), 0U);
    EXPECT_FALSE(usage_of(0));
}

}  // namespace
}  // namespace parley::bench
