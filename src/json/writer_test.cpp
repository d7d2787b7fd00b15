#include "json/writer.hpp"

#include <gtest/gtest.h>

namespace parley::json {
namespace {

TEST(JsonWriter, PlacesCommasAndEscapes) {
    std::string out;
    Writer(out)
        .begin_object()
        .name("ids")
        .begin_array()
        .string("11")
        .string("7\"")
        .end_array()
        .name("count")
        .number(2)
        .name("hash")
        .begin_object()
        .name("11")
        .raw("{\"n\":1}")
        .name("7")
        .begin_object()
        .end_object()
        .end_object()
        .name("least")
        .number(INT64_MIN)
        .name("on")
        .boolean(true)
        .name("code")
        .null()
        .end_object();
    EXPECT_EQ(
        out,
        R"({"ids":["11","7\""],"count":2,"hash":{"11":{"n":1},"7":{}},"least":-9223372036854775808,"on":true,"code":null})");
}

}  // namespace
}  // namespace parley::json
