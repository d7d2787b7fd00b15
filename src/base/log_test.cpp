#include "base/log.hpp"

#include <gtest/gtest.h>

namespace parley::log {
namespace {

TEST(Log, WritesKeysAndValuesForPeople) {
    EXPECT_EQ(format_line(
                  Format::text, "T", Level::warning, "slow_consumer",
                  {{"socket_id", "1.2"}, {"pending_bytes", 1048577}, {"reason", "too slow"}, {"tls", false}}),
              "T warning slow_consumer socket_id=1.2 pending_bytes=1048577 reason=\"too slow\" tls=false");
}

TEST(Log, WritesOneJsonObjectForMachines) {
    EXPECT_EQ(format_line(Format::json, "T", Level::info, "listening", {{"port", 6001}, {"host", "a\"b\n"}}),
              R"({"time":"T","level":"info","event":"listening","port":6001,"host":"a\"b\n"})");
}

TEST(Log, QuotesTextThatCouldForgeFieldsOrLines) {
    EXPECT_EQ(
        format_line(Format::text, "T", Level::info, "e", {{"k", "x y=z"}, {"n", "a\nb"}, {"empty", ""}}),
        "T info    e k=\"x y=z\" n=\"a\\nb\" empty=\"\"");
}

TEST(Log, KeepsLinesValidUtf8WhateverAPeerSent) {
    EXPECT_EQ(format_line(Format::json, "T", Level::info, "e", {{"k", "\xC3\xA9\xFF"}}),
              R"({"time":"T","level":"info","event":"e","k":")"
              "\xC3\xA9\xEF\xBF\xBD"
              R"("})");
    EXPECT_EQ(format_line(Format::text, "T", Level::info, "e", {{"k", "\xC3\xA9"}}),
              "T info    e k=\xC3\xA9");
}

}  // namespace
}  // namespace parley::log
