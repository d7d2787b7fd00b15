#include "pusher/quote.hpp"

#include <gtest/gtest.h>

namespace parley::pusher {
namespace {

TEST(Quote, ShortensAndStaysUtf8) {
    EXPECT_EQ(quote("abc"), "'abc'");
    EXPECT_EQ(quote("abc", 3), "'abc'");
    EXPECT_EQ(quote("abcd", 3), "'abc…'");
    EXPECT_EQ(quote("abé", 3), "'ab…'");
    EXPECT_EQ(quote("\xC3"), "(text that is not UTF-8)");
}

}  // namespace
}  // namespace parley::pusher
