#include "json/opaque_values.hpp"

#include <string>

#include <gtest/gtest.h>

namespace parley::json {
namespace {

TEST(OpaqueValues, BecomeReadableInPlace) {
    const struct {
        const char* before;
        const char* after;
    } cases[] = {
        {"100000000000000000000", "1.0000000000000000000"},
        {"[-36893488147419103000,1]", "[-3.893488147419103000,1]"},
        {R"({"a":1234567890123456789})", R"({"a":1.34567890123456789})"},
        {"[1e400,-2.5E+999,3e-1000]", "[1e000,-2.5E+000,3e-0000]"},
        {R"("cut \ud83e")", R"("cut \ufffd")"},
        {R"("\udd8a\ud83e\udd8a\uD83E\ud83e\udd8a")", R"("\ufffd\ud83e\udd8a\ufffd\ud83e\udd8a")"},
        {R"({"\ud83e":1})", R"({"\ufffd":1})"},
    };
    for (const auto& c : cases) {
        std::string text = c.before;
        EXPECT_TRUE(hide_opaque_values(text)) << c.before;
        EXPECT_EQ(text, c.after);
    }
}

TEST(OpaqueValues, LeaveEverythingElseAsItIs) {
    for (const char* unchanged :
         {"123456789012345678", "0000000000000000000000", "1.0000000000000000000000",
          "1234567890123456789012.5", "1234567890123456789012e1", "1e99",
          R"("100000000000000000000\"100000000000000000000")", R"("unterminated 100000000000000000000)",
          R"("ends with a backslash\)", R"("\\ud83e")", R"("\ud83)", R"("\u")", R"("\ud83e\udd8a")",
          R"("é\n\t\/")", "-", "--1000000000000000000000", ""}) {
        std::string text = unchanged;
        EXPECT_FALSE(hide_opaque_values(text)) << unchanged;
        EXPECT_EQ(text, unchanged);
    }
}

}  // namespace
}  // namespace parley::json
