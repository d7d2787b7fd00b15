#include "chat/realtime/socket_registry.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "chat/realtime/test_support.hpp"

namespace parley::chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Outcome = SocketRegistry::Outcome;

class SocketRegistryTest : public testing::Test {
protected:
    static pusher::SocketId socket(std::uint32_t number) { return {.first = number, .second = 1}; }

    /// What an authorisation came to; empty while the hub has not answered.
    std::optional<Outcome> authorise(std::uint32_t socket_number, Id user_id, const std::string& channel,
                                     Id token_id = 1) {
        return authorise_since(sockets_.endings(), socket_number, user_id, channel, token_id);
    }
    std::optional<Outcome> authorise_since(std::uint64_t endings, std::uint32_t socket_number, Id user_id,
                                           const std::string& channel, Id token_id = 1) {
        return *begin_authorising(endings, socket_number, user_id, channel, token_id);
    }
    std::shared_ptr<const std::optional<Outcome>> begin_authorising(std::uint64_t endings,
                                                                    std::uint32_t socket_number, Id user_id,
                                                                    const std::string& channel,
                                                                    Id token_id = 1) {
        auto outcome = std::make_shared<std::optional<Outcome>>();
        sockets_.authorise(
            {.socket = socket(socket_number), .user_id = user_id, .token_id = token_id, .channel = channel},
            endings, [this, outcome](Outcome result) {
                EXPECT_FALSE(*outcome) << "told twice";
                *outcome = result;
                static_cast<void>(sockets_.socket_count());  // the lock is not held
            });
        return outcome;
    }

    /// Takes everything that `user_id` holds.
    void end_all(Id user_id) {
        const std::vector<Id> users = {user_id};
        const auto ending = sockets_.begin_ending(users);
        end(ending);
    }
    void end(const SocketRegistry::Ending& ending) {
        std::vector<SocketRegistry::Taken> taken;
        for (const auto& grant : ending.grants) taken.push_back({.grant = grant, .reason = "gone"});
        sockets_.end(ending.number, std::move(taken));
    }

    hub::App app_{0, {.id = "1", .key = "k", .secrets = {"s"}}};
    hub::App other_app_{1, {.id = "2", .key = "l", .secrets = {"s"}}};
    test::WrittenControl control_;
    SocketRegistry sockets_{control_, app_, 2};
};

TEST_F(SocketRegistryTest, EndsExactlyTheChannelsThatWereTaken) {
    authorise(1, 5, "private-a");
    authorise(1, 5, "private-b");
    authorise(2, 5, "private-a");
    authorise(3, 6, "private-a");
    const std::vector<Id> users = {5};
    const auto ending = sockets_.begin_ending(users);
    EXPECT_EQ(ending.grants.size(), 3U);
    std::vector<SocketRegistry::Taken> taken;
    for (const auto& grant : ending.grants)
        if (grant.channel == "private-a") taken.push_back({.grant = grant, .reason = "gone"});
    sockets_.end(ending.number, std::move(taken));
    EXPECT_THAT(control_.lines(), UnorderedElementsAre("end 1.1 private-a: gone", "end 2.1 private-a: gone"));
    // What is left is what the next ending finds.
    EXPECT_EQ(sockets_.begin_ending(users).grants.size(), 1U);
}

TEST_F(SocketRegistryTest, ABarIsLiftedBeforeANewGrantIsAnswered) {
    authorise(1, 5, "private-a");
    end_all(5);
    EXPECT_EQ(authorise(1, 5, "private-b"), Outcome::granted) << "another channel is not barred";
    bool granted = false;
    sockets_.authorise({.socket = socket(1), .user_id = 5, .token_id = 1, .channel = "private-a"},
                       sockets_.endings(),
                       [&granted](Outcome outcome) { granted = outcome == Outcome::granted; });
    EXPECT_FALSE(granted);
    EXPECT_THAT(control_.lines(), ElementsAre("end 1.1 private-a: gone", "permit 1.1 private-a"));
    control_.lift();
    EXPECT_TRUE(granted);
    EXPECT_EQ(authorise(1, 5, "private-a"), Outcome::granted) << "and it is lifted once";
}

TEST_F(SocketRegistryTest, WhatTheDatabaseSaidBeforeAnEndingIsStale) {
    auto endings = sockets_.endings();
    end_all(5);
    EXPECT_EQ(authorise_since(endings, 1, 5, "private-a"), Outcome::stale);
    EXPECT_EQ(sockets_.socket_count(), 0U);
    EXPECT_EQ(authorise_since(endings, 2, 6, "private-a"), Outcome::granted) << "another user";
    EXPECT_EQ(authorise(1, 5, "private-a"), Outcome::granted);
    endings = sockets_.endings();
    sockets_.end_tokens(5, std::vector<Id>{7});
    EXPECT_EQ(authorise_since(endings, 1, 5, "private-a"), Outcome::stale);
}

TEST_F(SocketRegistryTest, EndingsThatAreForgottenCountAgainstEverybody) {
    const auto endings = sockets_.endings();
    std::vector<Id> many;
    for (Id user_id = 1'000; user_id < 70'000; ++user_id) many.push_back(user_id);
    (void)sockets_.begin_ending(many);
    EXPECT_EQ(authorise_since(endings, 1, 5, "private-a"), Outcome::granted);
    end_all(6);
    EXPECT_EQ(authorise_since(endings, 1, 5, "private-a"), Outcome::stale);
    EXPECT_EQ(authorise(1, 5, "private-a"), Outcome::granted);
}

TEST_F(SocketRegistryTest, WhatIsGrantedAfterAnEndingBeganStays) {
    authorise(1, 5, "private-a");
    const std::vector<Id> users = {5};
    const auto ending = sockets_.begin_ending(users);
    EXPECT_EQ(authorise(1, 5, "private-a"), Outcome::granted);
    end(ending);
    EXPECT_THAT(control_.lines(), IsEmpty());
}

TEST_F(SocketRegistryTest, AUserHasSoManySocketsAndNotOneMore) {
    EXPECT_EQ(authorise(1, 5, "private-a"), Outcome::granted);
    EXPECT_EQ(authorise(2, 5, "private-a"), Outcome::granted);
    EXPECT_EQ(authorise(3, 5, "private-a"), Outcome::too_many);
    EXPECT_EQ(authorise(2, 5, "private-b"), Outcome::granted) << "a socket that counts already";
    EXPECT_EQ(authorise(3, 6, "private-a"), Outcome::granted) << "another user";
    sockets_.connection_closed(app_, socket(1));
    EXPECT_EQ(authorise(4, 5, "private-a"), Outcome::granted);
}

TEST_F(SocketRegistryTest, AUserMayHaveFewerOrMoreSocketsFromNowOn) {
    EXPECT_EQ(authorise(1, 5, "private-a"), Outcome::granted);
    EXPECT_EQ(authorise(2, 5, "private-a"), Outcome::granted);
    sockets_.set_sockets_per_user_max(1);
    EXPECT_EQ(authorise(2, 5, "private-b"), Outcome::granted) << "those that there are stay";
    EXPECT_EQ(authorise(3, 5, "private-a"), Outcome::too_many);
    sockets_.set_sockets_per_user_max(3);
    EXPECT_EQ(authorise(3, 5, "private-a"), Outcome::granted);
}

TEST_F(SocketRegistryTest, SocketsThatTheHubNeverHadDoNotCountForEver) {
    control_.miss({socket(1)});
    authorise(1, 5, "private-a");
    authorise(1, 5, "private-b");
    authorise(1, 6, "private-a");  // now theirs
    authorise(2, 5, "private-a");
    EXPECT_EQ(authorise(3, 5, "private-a"), Outcome::granted) << "in the place of the first";
    EXPECT_EQ(sockets_.socket_count(), 2U);
    EXPECT_THAT(sockets_.connected_users(), ElementsAre(5)) << "the first is gone for everybody";
    EXPECT_EQ(authorise(4, 5, "private-a"), Outcome::too_many) << "both are there";
    end_all(5);
    EXPECT_THAT(control_.lines(), UnorderedElementsAre("find 2", "find 1", "end 2.1 private-a: gone",
                                                       "end 3.1 private-a: gone"));
}

TEST_F(SocketRegistryTest, TheHubIsAskedOnlyAtTheLimitAndOnceOfEachSocket) {
    authorise(1, 5, "private-a");
    authorise(2, 5, "private-a");
    authorise(2, 5, "private-b");
    EXPECT_THAT(control_.lines(), IsEmpty());
    EXPECT_EQ(authorise(3, 5, "private-a"), Outcome::too_many);
    EXPECT_EQ(authorise(3, 5, "private-a"), Outcome::too_many);
    EXPECT_THAT(control_.lines(), ElementsAre("find 2")) << "the hub tells when they close";
    sockets_.connection_closed(app_, socket(1));
    authorise(4, 5, "private-a");
    control_.miss({socket(4)});
    EXPECT_EQ(authorise(5, 5, "private-a"), Outcome::granted);
    EXPECT_THAT(control_.lines(), ElementsAre("find 2", "find 1"));
}

TEST_F(SocketRegistryTest, AMissingSocketIsHeldAnewWhenItIsNamedAgain) {
    control_.miss({socket(1)});
    authorise(1, 5, "private-a");
    authorise(2, 5, "private-a");
    EXPECT_EQ(authorise(3, 5, "private-a"), Outcome::granted);
    sockets_.connection_closed(app_, socket(2));
    EXPECT_EQ(authorise(1, 5, "private-a"), Outcome::granted);
    EXPECT_EQ(sockets_.socket_count(), 2U);
}

TEST_F(SocketRegistryTest, AnEndingWhileTheHubIsAskedMakesItStale) {
    control_.miss({socket(1)});
    control_.answer_later();
    authorise(1, 5, "private-a");
    authorise(2, 5, "private-a");
    const auto outcome = begin_authorising(sockets_.endings(), 3, 5, "private-a");
    EXPECT_EQ(*outcome, std::nullopt);
    end_all(5);
    control_.lift();
    EXPECT_EQ(*outcome, Outcome::stale);
    EXPECT_EQ(sockets_.socket_count(), 1U) << "what is missing is gone, nothing came for it";
}

TEST_F(SocketRegistryTest, ASocketThatClosesWhileTheHubIsAskedMakesRoom) {
    control_.answer_later();
    authorise(1, 5, "private-a");
    authorise(2, 5, "private-a");
    const auto outcome = begin_authorising(sockets_.endings(), 3, 5, "private-a");
    sockets_.connection_closed(app_, socket(1));
    control_.lift();
    EXPECT_EQ(*outcome, Outcome::granted);
    EXPECT_EQ(sockets_.socket_count(), 2U) << "the one that closed does not come back";
}

TEST_F(SocketRegistryTest, ABarIsLiftedAlsoAfterTheHubWasAsked) {
    control_.miss({socket(2), socket(3)});
    authorise(1, 5, "private-a");
    end_all(5);
    authorise(2, 5, "private-a");
    authorise(3, 5, "private-a");
    const auto outcome = begin_authorising(sockets_.endings(), 1, 5, "private-a");
    EXPECT_EQ(*outcome, std::nullopt);
    EXPECT_THAT(control_.lines(), ElementsAre("end 1.1 private-a: gone", "find 2", "permit 1.1 private-a"));
    control_.lift();
    EXPECT_EQ(*outcome, Outcome::granted);
}

TEST_F(SocketRegistryTest, TheHubIsAskedOncePerRequest) {
    control_.miss({socket(1), socket(2)});
    control_.answer_later();
    authorise(1, 5, "private-a");
    authorise(2, 5, "private-a");
    std::vector<std::shared_ptr<const std::optional<Outcome>>> outcomes;
    for (const auto number : {3U, 4U, 5U})
        outcomes.push_back(begin_authorising(sockets_.endings(), number, 5, "private-a"));
    control_.lift();
    EXPECT_EQ(*outcomes[0], Outcome::granted);
    EXPECT_EQ(*outcomes[1], Outcome::granted);
    EXPECT_EQ(*outcomes[2], Outcome::too_many);
    EXPECT_THAT(control_.lines(), ElementsAre("find 2", "find 2", "find 2"));
}

TEST_F(SocketRegistryTest, WithoutALimitThereIsNone) {
    SocketRegistry sockets(control_, app_, unlimited);
    for (std::uint32_t number = 1; number <= 500; ++number)
        sockets.authorise({.socket = socket(number), .user_id = 5, .token_id = 1, .channel = "private-a"},
                          sockets.endings(), [](Outcome outcome) { EXPECT_EQ(outcome, Outcome::granted); });
    EXPECT_EQ(sockets.socket_count(), 500U);
}

TEST_F(SocketRegistryTest, RevokedTokensCloseTheSocketsThatHoldSomethingThroughThem) {
    SocketRegistry sockets(control_, app_, unlimited);
    const auto grant = [&](std::uint32_t number, Id user_id, Id token_id, const std::string& channel) {
        sockets.authorise(
            {.socket = socket(number), .user_id = user_id, .token_id = token_id, .channel = channel},
            sockets.endings(), [](Outcome /*outcome*/) {});
    };
    grant(1, 5, 11, "private-a");
    grant(2, 5, 12, "private-a");
    grant(2, 5, 11, "private-b");
    grant(3, 5, 12, "private-a");
    grant(4, 5, 11, "");           // signed in
    grant(5, 5, 11, "private-a");  // and then again
    grant(5, 5, 12, "private-a");  // through another token
    grant(6, 6, 11, "private-a");  // somebody else's number
    sockets.end_tokens(5, std::vector<Id>{11, 13});
    EXPECT_THAT(control_.lines(), UnorderedElementsAre("close 1.1 4009", "close 2.1 4009", "close 4.1 4009"));
}

TEST_F(SocketRegistryTest, ASocketThatClosedIsForgotten) {
    authorise(1, 5, "private-a");
    authorise(1, 6, "private-b");
    EXPECT_THAT(sockets_.connected_users(), UnorderedElementsAre(5, 6));
    sockets_.connection_closed(other_app_, socket(1));
    EXPECT_EQ(sockets_.socket_count(), 1U) << "of another app";
    sockets_.connection_closed(app_, socket(1));
    EXPECT_EQ(sockets_.socket_count(), 0U);
    EXPECT_THAT(sockets_.connected_users(), IsEmpty());
    end_all(5);
    EXPECT_THAT(control_.lines(), IsEmpty());
}

TEST_F(SocketRegistryTest, ARequestThatWasUnderWayDoesNotBringAClosedSocketBack) {
    sockets_.connection_closed(app_, socket(1));
    EXPECT_EQ(authorise(1, 5, "private-a"), Outcome::granted);
    EXPECT_EQ(sockets_.socket_count(), 0U);
}

TEST_F(SocketRegistryTest, AChannelGrantedToAnotherUserIsTheirs) {
    authorise(1, 5, "private-a");
    authorise(1, 6, "private-a");
    EXPECT_THAT(sockets_.connected_users(), ElementsAre(6));
    end_all(5);
    EXPECT_THAT(control_.lines(), IsEmpty());
    end_all(6);
    EXPECT_THAT(control_.lines(), ElementsAre("end 1.1 private-a: gone"));
}

}  // namespace
}  // namespace parley::chat
