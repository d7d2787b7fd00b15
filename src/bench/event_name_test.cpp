#include "bench/event_name.hpp"

#include <string>

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

TEST(EventName, IsFoundInFront) {
    EXPECT_EQ(event_name(R"({"event":"pusher:ping","data":"{}"})"), "pusher:ping");
    EXPECT_EQ(event_name(R"({ "event" : "a", "channel":"c"})"), "a");
    EXPECT_EQ(event_name(R"({"channel":"c","event":"a"})"), "a");
    EXPECT_EQ(event_name(R"({"event":""})"), "");
}

TEST(EventName, IsEmptyWhereThereIsNone) {
    for (const auto* text : {"", "{}", R"({"event")", R"({"event":)", R"({"event":7})", "event"})
        EXPECT_EQ(event_name(text), "") << text;
    EXPECT_EQ(event_name(std::string(200, ' ') + R"({"event":"a"})"), "");
}

}  // namespace
}  // namespace parley::bench
