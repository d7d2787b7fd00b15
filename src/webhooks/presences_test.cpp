#include "webhooks/presences.hpp"

#include <gtest/gtest.h>

#include "webhooks/recent_misses.hpp"

namespace parley::webhooks {

namespace {

constexpr std::uint64_t delay = 3'000;
const Subject ann{"presence-x", "ann"};
const Subject bob{"presence-x", "bob"};
const Subject channel{"presence-x"};

std::vector<Subject> subjects(const std::vector<Presences::Departed>& departed) {
    std::vector<Subject> list;
    for (const auto& each : departed) list.push_back(each.subject);
    return list;
}

using Subjects = std::vector<Subject>;

TEST(Presences, ADepartureIsToldAfterTheDelay) {
    Presences presences(delay, 100);
    EXPECT_EQ(presences.arrive(ann), 1U);
    EXPECT_EQ(presences.next_due_ms(), std::nullopt);
    presences.depart(ann, 1'000);
    EXPECT_EQ(presences.next_due_ms(), 4'000U);
    EXPECT_TRUE(presences.take_departed(3'999).empty());
    const auto departed = presences.take_departed(4'000);
    EXPECT_EQ(subjects(departed), Subjects{ann});
    EXPECT_EQ(departed[0].arrival, 1U);
    EXPECT_EQ(presences.next_due_ms(), std::nullopt);
    EXPECT_EQ(presences.arrive(ann), 2U);
}

TEST(Presences, AnotherDelayHoldsForDeparturesToCome) {
    Presences presences(delay, 100);
    for (const auto& each : {ann, bob}) static_cast<void>(presences.arrive(each));
    presences.depart(ann, 1'000);
    presences.set_limits(500, 100);
    presences.depart(bob, 1'000);
    EXPECT_TRUE(presences.take_departed(3'999).empty());
    EXPECT_EQ(subjects(presences.take_departed(4'000)), (Subjects{ann, bob})) << "in their order";
    static_cast<void>(presences.arrive(ann));
    presences.depart(ann, 5'000);
    EXPECT_EQ(subjects(presences.take_departed(5'500)), Subjects{ann});
}

TEST(Presences, WhoComesBackInTimeWasNeverAway) {
    Presences presences(delay, 100);
    EXPECT_TRUE(presences.arrive(ann));
    presences.depart(ann, 1'000);
    EXPECT_FALSE(presences.arrive(ann));
    EXPECT_TRUE(presences.take_departed(10'000).empty());
    presences.depart(ann, 20'000);
    EXPECT_TRUE(presences.take_departed(22'999).empty()) << "the delay begins anew";
    EXPECT_EQ(subjects(presences.take_departed(23'000)), Subjects{ann});
}

TEST(Presences, ComingsAndGoingsAlternateWhateverIsTold) {
    Presences presences(delay, 100);
    presences.depart(ann, 0);
    EXPECT_TRUE(presences.take_departed(delay).empty()) << "it was never told to have come";
    EXPECT_TRUE(presences.arrive(ann));
    EXPECT_FALSE(presences.arrive(ann));
    presences.depart(ann, 5'000);
    presences.depart(ann, 6'000);
    EXPECT_EQ(subjects(presences.take_departed(20'000)), Subjects{ann});
}

TEST(Presences, DeparturesAreToldInTheirOrder) {
    Presences presences(delay, 100);
    for (const auto& subject : {channel, ann, bob}) EXPECT_TRUE(presences.arrive(subject));
    for (const auto& subject : {bob, ann, channel}) presences.depart(subject, 0);
    EXPECT_EQ(subjects(presences.take_departed(delay)), (Subjects{bob, ann, channel}));
}

TEST(Presences, WithoutADelayTheyAreToldAtOnce) {
    Presences presences(0, 100);
    EXPECT_TRUE(presences.arrive(ann));
    presences.depart(ann, 7);
    EXPECT_EQ(subjects(presences.take_departed(7)), Subjects{ann});
    EXPECT_TRUE(presences.arrive(ann));
}

TEST(Presences, TooManyThatWaitAreToldEarly) {
    Presences presences(delay, 1);
    for (const auto& subject : {ann, bob}) EXPECT_TRUE(presences.arrive(subject));
    presences.depart(ann, 0);
    EXPECT_TRUE(presences.take_departed(0).empty());
    presences.depart(bob, 1);
    EXPECT_EQ(subjects(presences.take_departed(1)), Subjects{ann});
    EXPECT_TRUE(presences.arrive(ann)) << "told that it went, so told that it comes";
}

TEST(Presences, AtTheEndAllThatWaitAreTold) {
    Presences presences(delay, 100);
    for (const auto& subject : {ann, bob}) EXPECT_TRUE(presences.arrive(subject));
    presences.depart(ann, 0);
    EXPECT_EQ(subjects(presences.take_all_departed()), Subjects{ann});
}

TEST(Presences, WhoIsForgottenIsNotToldToHaveGone) {
    Presences presences(delay, 100);
    for (const auto& subject : {ann, bob}) EXPECT_TRUE(presences.arrive(subject));
    presences.depart(ann, 0);
    presences.forget_if([](const Subject& subject) { return subject == ann; });
    EXPECT_TRUE(presences.take_all_departed().empty());
    EXPECT_FALSE(presences.arrive(bob));
    EXPECT_TRUE(presences.arrive(ann));
}

TEST(RecentMisses, AChannelIsToldOnceInAWhile) {
    RecentMisses misses(100);
    EXPECT_TRUE(misses.is_first("cache-a", 0));
    EXPECT_TRUE(misses.is_first("cache-b", 0));
    EXPECT_FALSE(misses.is_first("cache-a", RecentMisses::pause_ms - 1));
    EXPECT_TRUE(misses.is_first("cache-a", RecentMisses::pause_ms));
    EXPECT_FALSE(misses.is_first("cache-a", RecentMisses::pause_ms + 1));
}

TEST(RecentMisses, ForgetsTheOldestOfTooMany) {
    RecentMisses misses(1);
    EXPECT_TRUE(misses.is_first("cache-a", 0));
    EXPECT_TRUE(misses.is_first("cache-b", 0));
    EXPECT_FALSE(misses.is_first("cache-b", 0));
    EXPECT_TRUE(misses.is_first("cache-a", 0));
}

}  // namespace

}  // namespace parley::webhooks
