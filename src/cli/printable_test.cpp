#include "cli/printable.hpp"

#include <gtest/gtest.h>

namespace parley::cli {
namespace {

TEST(Printable, EscapesEveryControlCharacter) {
    EXPECT_EQ(printable(std::string_view("a\0b\x7f", 4)), "a\\x00b\\x7f");
    EXPECT_EQ(printable("\xc2\x9b"
                        "31m"),
              "\\x9b31m");
    EXPECT_EQ(printable("\xc2\xa0 ok ☃"), "\xc2\xa0 ok ☃");
}

}  // namespace
}  // namespace parley::cli
