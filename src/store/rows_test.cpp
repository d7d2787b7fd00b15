#include "store/rows.hpp"

#include <gtest/gtest.h>

namespace parley::store {
namespace {

using namespace std::string_view_literals;

Rows two_rows() {
    Rows rows(3);
    rows.append_integer(7);
    rows.append_text("a\0b"sv);
    rows.append_null();
    rows.append_integer(-8);
    rows.append_text("");
    rows.append_text("last");
    return rows;
}

TEST(Rows, GiveBackWhatWasAppended) {
    const auto rows = two_rows();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_FALSE(rows.empty());
    EXPECT_EQ(rows.front().integer(0), 7);
    EXPECT_EQ(rows.front().text(1), "a\0b"sv);
    EXPECT_TRUE(rows.front().is_null(2));
    EXPECT_EQ(rows.front().optional_integer(2), std::nullopt);
    EXPECT_EQ(rows.front().optional_text(2), std::nullopt);
    EXPECT_EQ(rows[1].optional_integer(0), -8);
    EXPECT_EQ(rows[1].optional_text(1), "");
    EXPECT_EQ(rows[1].text(2), "last");
}

TEST(Rows, AreWalkedInTheirOrder) {
    std::int64_t sum = 0;
    for (const auto row : two_rows()) sum = sum * 100 + row.integer(0);
    EXPECT_EQ(sum, 692);
}

TEST(Rows, CanBeEmptyWithAndWithoutColumns) {
    EXPECT_TRUE(Rows(2).empty());
    EXPECT_EQ(Rows(2).size(), 0U);
    EXPECT_EQ(Rows(0).size(), 0U);
}

TEST(RowsDeathTest, EndTheProcessWhenAColumnIsNotWhatWasAskedFor) {
    const auto rows = two_rows();
    EXPECT_DEATH((void)rows.front().text(0), "the column holds an integer");
    EXPECT_DEATH((void)rows.front().integer(1), "the column holds text");
    EXPECT_DEATH((void)rows.front().integer(2), "the column is null");
    EXPECT_DEATH((void)rows.front().text(2), "the column is null");
    EXPECT_DEATH((void)rows.front().is_null(3), "no such column");
}

}  // namespace
}  // namespace parley::store
