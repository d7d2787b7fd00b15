#include "base/current.hpp"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(Current, IsWhatWasSetLast) {
    Current<std::string> name("first");
    EXPECT_EQ(name.get(), "first");
    name.set("second");
    EXPECT_EQ(name.get(), "second");
}

TEST(Current, KeepsEarlierValuesForThoseWhoReadThem) {
    Current<std::string> name("first");
    const auto& first = name.get();
    for (int i = 0; i < 100; ++i) name.set(std::to_string(i));
    EXPECT_EQ(first, "first");
    EXPECT_EQ(name.get(), "99");
}

TEST(Current, IsReadWholeWhileItIsReplaced) {
    struct Pair {
        int left;
        int right;
    };
    constexpr int last = 1'000;
    Current<Pair> pair(Pair{0, 0});
    const auto read = [&pair] {
        for (int seen = 0; seen < last;) {
            const auto& now = pair.get();
            EXPECT_EQ(now.left, now.right);
            EXPECT_GE(now.left, seen);
            seen = now.left;
        }
    };
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) readers.emplace_back(read);
    for (int i = 1; i <= last; ++i) pair.set({i, i});
    for (auto& reader : readers) reader.join();
}

}  // namespace
}  // namespace parley
