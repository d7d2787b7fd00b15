#include "cli/quantities.hpp"

#include <gtest/gtest.h>

namespace parley::cli {
namespace {

TEST(Quantities, GroupDigits) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1'000), "1,000");
    EXPECT_EQ(grouped(12'345'678), "12,345,678");
}

TEST(Quantities, AreShort) {
    EXPECT_EQ(short_number(0), "0");
    EXPECT_EQ(short_number(0.25), "0.2");
    EXPECT_EQ(short_number(999), "999");
    EXPECT_EQ(short_number(1'000), "1.0k");
    EXPECT_EQ(short_number(12'345), "12.3k");
    EXPECT_EQ(short_number(999'999), "1.0M");
    EXPECT_EQ(short_number(456'000'000), "456M");
    EXPECT_EQ(byte_text(512), "512 B");
    EXPECT_EQ(byte_text(1'500), "1.5 kB");
    EXPECT_EQ(byte_text(3.4e12), "3.4 TB");
    EXPECT_EQ(byte_text(3.4e15), "3400 TB");
}

TEST(Quantities, TellTime) {
    EXPECT_EQ(duration_text(0), "-");
    EXPECT_EQ(duration_text(250), "0.25 ms");
    EXPECT_EQ(duration_text(12'400), "12 ms");
    EXPECT_EQ(duration_text(3'400'000), "3.4 s");
    EXPECT_EQ(uptime_text(999), "00:00:00");
    EXPECT_EQ(uptime_text(10'921'000), "03:02:01");
    EXPECT_EQ(uptime_text(356'521'000), "4 d 03:02:01");
}

}  // namespace
}  // namespace parley::cli
