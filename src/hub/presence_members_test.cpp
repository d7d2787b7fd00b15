#include "hub/presence_members.hpp"

#include <gtest/gtest.h>

namespace parley::hub {
namespace {

std::string ids(const PresenceMembers& members) {
    std::string all;
    for (const auto& member : members.snapshot()) (all += member->user_id) += ' ';
    return all;
}

TEST(PresenceMembers, CountUsersNotConnections) {
    PresenceMembers members;
    const auto first = members.join("11", R"({"name":"Ann"})", 100);
    const auto second = members.join("11", R"({"name":"Other"})", 100);
    EXPECT_EQ(first.result, Joined::first_connection);
    EXPECT_EQ(second.result, Joined::further_connection);
    EXPECT_EQ(first.member, second.member);
    EXPECT_EQ(second.member->user_info, R"({"name":"Ann"})") << "the first connection's info stays";
    EXPECT_EQ(members.size(), 1U);
    EXPECT_EQ(members.leave(*first.member), Left::others_remain);
    EXPECT_EQ(members.leave(*second.member), Left::last_connection);
    EXPECT_EQ(members.size(), 0U);
}

TEST(PresenceMembers, AreListedInTheOrderOfTheirComing) {
    PresenceMembers members;
    const auto one = members.join("11", "{}", 100);
    (void)members.join("7", "{}", 100);
    EXPECT_EQ(ids(members), "11 7 ");
    EXPECT_EQ(members.leave(*one.member), Left::last_connection);
    (void)members.join("11", "{}", 100);
    EXPECT_EQ(ids(members), "7 11 ");
}

TEST(PresenceMembers, StayReadableInASnapshotAfterTheyHaveLeft) {
    PresenceMembers members;
    const auto one = members.join("11", R"({"name":"Ann"})", 100);
    const auto before = members.snapshot();
    EXPECT_EQ(members.leave(*one.member), Left::last_connection);
    EXPECT_TRUE(members.snapshot().empty());
    const auto views = views_of(before);
    ASSERT_EQ(views.size(), 1U);
    EXPECT_EQ(views[0].user_id, "11");
    EXPECT_EQ(views[0].user_info, R"({"name":"Ann"})");
}

TEST(PresenceMembers, AreAdmittedUpToTheLimitAndNotOneFurther) {
    PresenceMembers members;
    (void)members.join("1", "{}", 2);
    (void)members.join("2", "{}", 2);
    EXPECT_EQ(members.join("3", "{}", 2).result, Joined::channel_full);
    EXPECT_EQ(members.join("2", "{}", 2).result, Joined::further_connection)
        << "present users are always admitted";
    EXPECT_EQ(members.join("3", "{}", -1).result, Joined::first_connection);
}

}  // namespace
}  // namespace parley::hub
