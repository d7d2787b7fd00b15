#include "bench/rate_search.hpp"

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

struct Outcome {
    double best;
    int probes;
};

Outcome search(double first, double capacity) {
    RateSearch search(first);
    int probes = 0;
    while (const auto rate = search.next()) {
        search.tell(*rate <= capacity);
        if (++probes > 100) break;
    }
    return {search.best(), probes};
}

TEST(RateSearch, ComesNearTheCapacityFromEitherSide) {
    for (const double capacity : {10.0, 777.0, 20'000.0, 400'000.0}) {
        for (const double first : {1.0, 100.0, 5'000.0, 1'000'000.0}) {
            const auto [best, probes] = search(first, capacity);
            EXPECT_LE(best, capacity) << first;
            EXPECT_GE(best * (1 + RateSearch::precision), capacity) << first;
            EXPECT_LE(probes, 60);
        }
    }
}

TEST(RateSearch, GivesUpWhereNothingIsBorne) {
    const auto [best, probes] = search(1'000, 0);
    EXPECT_EQ(best, 0);
    EXPECT_LE(probes, 24);
}

TEST(RateSearch, EndsWhereEverythingIsBorne) {
    const auto [best, probes] = search(1'000, 1e12);
    EXPECT_GT(best, RateSearch::rate_max / 2);
    EXPECT_LE(probes, 20);
}

TEST(RateSearch, AsksAgainBeforeItGivesUpARate) {
    RateSearch search(100);
    search.tell(false);  // a hiccup
    EXPECT_EQ(search.next(), 100);
    search.tell(true);
    EXPECT_EQ(search.next(), 200);
    search.tell(false);
    EXPECT_EQ(search.next(), 200);
    search.tell(false);
    ASSERT_TRUE(search.next());
    EXPECT_LT(*search.next(), 200);
}

TEST(RateSearch, StandsAnOutlier) {
    RateSearch search(100);
    search.tell(true);   // 100
    search.tell(false);  // 200: two hiccups
    search.tell(false);
    while (search.next()) search.tell(true);
    EXPECT_GE(search.best(), 200 / (1 + RateSearch::precision));
    EXPECT_LT(search.best(), 200);
}

}  // namespace
}  // namespace parley::bench
