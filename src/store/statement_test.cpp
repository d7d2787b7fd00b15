#include "store/statement.hpp"

#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace parley::store {
namespace {

TEST(Statement, SaysListInBothDialects) {
    const Statement statement("SELECT id FROM users WHERE id IN LIST($1) OR id IN LIST($12) OR id = $2");
    EXPECT_EQ(statement.text(Dialect::sqlite),
              "SELECT id FROM users WHERE id IN (SELECT value FROM json_each($1)) OR id IN "
              "(SELECT value FROM json_each($12)) OR id = $2");
    EXPECT_EQ(statement.text(Dialect::postgresql),
              "SELECT id FROM users WHERE id IN "
              "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json))) OR id IN "
              "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($12 AS json))) OR id = $2");
}

TEST(Statement, KeepsItsTextOtherwise) {
    const Statement same("SELECT PLAYLIST($1), 'LIST(1)'");
    EXPECT_EQ(same.text(Dialect::sqlite), "SELECT PLAYLIST($1), 'LIST(1)'");
    EXPECT_EQ(same.text(Dialect::postgresql), same.text(Dialect::sqlite));
    const Statement different("SELECT 1", "SELECT 2");
    EXPECT_EQ(different.text(Dialect::sqlite), "SELECT 1");
    EXPECT_EQ(different.text(Dialect::postgresql), "SELECT 2");
}

TEST(StatementDeathTest, RefusesAListOfAnythingElse) {
    for (const auto* text : {"LIST($)", "LIST($1", "LIST($1, $2)", "LIST($x)"})
        EXPECT_DEATH(Statement{text}, "LIST takes one placeholder") << text;
}

TEST(Statement, NumbersAreDifferentOnAllThreads) {
    std::vector<std::vector<std::size_t>> numbers(4);
    std::vector<std::thread> threads;
    for (auto& mine : numbers) {
        threads.emplace_back([&mine] {
            for (int i = 0; i < 100; ++i) mine.push_back(Statement("SELECT 1").index());
        });
    }
    for (auto& thread : threads) thread.join();
    std::set<std::size_t> all;
    for (const auto& mine : numbers) all.insert(mine.begin(), mine.end());
    EXPECT_EQ(all.size(), 400U);
}

}  // namespace
}  // namespace parley::store
