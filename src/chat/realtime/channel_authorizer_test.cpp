#include "chat/realtime/channel_authorizer.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "chat/campaigns.hpp"
#include "chat/participants.hpp"
#include "chat/test_support.hpp"
#include "json/parser.hpp"

namespace parley::chat {
namespace {

constexpr std::string_view no_rule = "No rule of the chat allows this channel.";
constexpr std::string_view not_named = "Only the user that the channel names may listen.";

/// Ann owns the home company, Bob and Cid are members of it. Dan is in a company of his own, with Cid.
class ChannelAuthorizerTest : public testing::TestWithParam<store::Dialect> {
protected:
    /// The reason of the refusal; empty when it is allowed.
    std::string ask(const Actor& actor, const std::string& channel) {
        return world_.read([&](store::Transaction& transaction) -> std::string {
            const auto allowed = allow_channel(transaction, actor.user_id, channel);
            if (allowed) return "";
            EXPECT_EQ(allowed.error().reason, Reason::forbidden) << channel;
            EXPECT_FALSE(allowed.error().message.empty()) << channel;
            return allowed.error().message;
        });
    }

    Actor add_outsider(std::string_view name) {
        world_.policy.join_home_company = false;
        auto actor = world_.add_user(name);
        world_.policy.join_home_company = true;
        return actor;
    }

    test::World world_{GetParam()};
    Actor ann_ = world_.add_user("Ann");
    Actor bob_ = world_.add_user("Bob");
    Actor cid_ = world_.add_user("Cid");
    Actor dan_ = add_outsider("Dan");
    Id company_ = world_.add_company(dan_, "Dan's");

    void SetUp() override { world_.add_member(company_, cid_); }
};

INSTANTIATE_TEST_SUITE_P(Databases, ChannelAuthorizerTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

struct Row {
    const char* rule;
    const Actor& actor;
    std::string channel;
    std::string_view refusal;  // empty: allowed
};

TEST_P(ChannelAuthorizerTest, ConversationsAreForTheirParticipants) {
    const auto group = world_.add_group(ann_, "Group", {bob_});
    const auto name = fmt::format("-chat.{}.conversation.{}", home_company_id, group.id);
    constexpr std::string_view refusal =
        "Only participants of the conversation, which must belong to that company, may listen.";
    const Row table[] = {
        {"participant", bob_, "private" + name, ""},
        {"the members of it", bob_, "presence" + name, ""},
        {"colleague", cid_, "private" + name, refusal},
        {"its members are no secret less", cid_, "presence" + name, refusal},
        {"outsider", dan_, "private" + name, refusal},
        {"another company", bob_, fmt::format("private-chat.{}.conversation.{}", company_, group.id),
         refusal},
        {"no such conversation", bob_, "private-chat.1.conversation.99000", refusal},
        {"another word", bob_, fmt::format("private-chat.1.discussion.{}", group.id), no_rule},
        {"a part too many", bob_, "private" + name + ".1", no_rule},
        {"leading zero", bob_, fmt::format("private-chat.01.conversation.{}", group.id), no_rule},
        {"no number", bob_, "private-chat.x.conversation.1", no_rule},
        {"empty part", bob_, "private-chat..conversation.1", no_rule},
        {"beyond 64 bits", bob_, "private-chat.1.conversation.99999999999999999999", no_rule},
    };
    for (const auto& row : table) EXPECT_EQ(ask(row.actor, row.channel), row.refusal) << row.rule;
}

TEST_P(ChannelAuthorizerTest, DirectChannelsAreForTheirTwoUsersInEitherOrder) {
    const auto name = [](const Actor& a, const Actor& b) {
        return fmt::format("private-chat.{}.{}", a.user_id, b.user_id);
    };
    const Row table[] = {
        {"the first", ann_, name(ann_, bob_), ""},
        {"the second", bob_, name(ann_, bob_), ""},
        {"the other order", ann_, name(bob_, ann_), ""},
        {"a company other than the home company", dan_, name(cid_, dan_), ""},
        {"somebody else", cid_, name(ann_, bob_), "Only the two users that the channel names may listen."},
        {"no company in common", ann_, name(ann_, dan_), "The two users share no company."},
        {"nobody", ann_, fmt::format("private-chat.{}.99000", ann_.user_id),
         "The two users share no company."},
        {"oneself", ann_, name(ann_, ann_), "A direct channel is between two different users."},
        {"not as presence", ann_, fmt::format("presence-chat.{}.{}", ann_.user_id, bob_.user_id), no_rule},
        {"zero", ann_, fmt::format("private-chat.0.{}", ann_.user_id), no_rule},
        {"negative", ann_, fmt::format("private-chat.-1.{}", ann_.user_id), no_rule},
    };
    for (const auto& row : table) EXPECT_EQ(ask(row.actor, row.channel), row.refusal) << row.rule;
}

TEST_P(ChannelAuthorizerTest, ChannelsOfAUserAreForThatUserAlone) {
    for (const char* const prefix :
         {"private-user.", "private-users.", "private-App.Models.User.", "private-financial."}) {
        EXPECT_EQ(ask(bob_, fmt::format("{}{}", prefix, bob_.user_id)), "") << prefix;
        EXPECT_EQ(ask(ann_, fmt::format("{}{}", prefix, bob_.user_id)), not_named) << prefix;
        EXPECT_EQ(ask(bob_, fmt::format("{}0{}", prefix, bob_.user_id)), no_rule) << prefix;
        EXPECT_EQ(ask(bob_, fmt::format("{}{}.1", prefix, bob_.user_id)), no_rule) << prefix;
        EXPECT_EQ(ask(bob_, prefix), no_rule) << prefix;
    }
}

TEST_P(ChannelAuthorizerTest, CampaignsAreForThoseWhoSeeThem) {
    world_.policy.limits = {};
    const auto campaign = test::World::taken(world_.change([&](Change& change) {
        return create_campaign(change, bob_, {.name = "Spring", .company_id = home_company_id});
    }));
    const auto id = campaign.campaign.id;
    constexpr std::string_view refusal =
        "Only the campaign's owner, its members and the company's admins may listen.";
    for (const char* const kind : {"private", "presence"}) {
        const auto channel = fmt::format("{}-campaign.{}", kind, id);
        EXPECT_EQ(ask(bob_, channel), "") << "owner of the campaign, " << kind;
        EXPECT_EQ(ask(ann_, channel), "") << "owner of the company, " << kind;
        EXPECT_EQ(ask(cid_, channel), refusal) << kind;
        EXPECT_EQ(ask(dan_, channel), refusal) << kind;
        EXPECT_EQ(ask(bob_, channel + ".1"), no_rule) << kind;
    }
    (void)test::World::taken(world_.change(
        [&](Change& change) { return add_campaign_members(change, bob_, id, {cid_.user_id}); }));
    EXPECT_EQ(ask(cid_, fmt::format("private-campaign.{}", id)), "") << "member";
    EXPECT_EQ(ask(bob_, "private-campaign.99000"), refusal);
}

TEST_P(ChannelAuthorizerTest, PresenceChatIsForMembersOfTheCompany) {
    const auto own = fmt::format("presence-chat.{}", company_);
    const Row table[] = {
        {"home company", bob_, "presence-chat", ""},
        {"not in it", dan_, "presence-chat", "Only members of the home company may join."},
        {"home company by number", bob_, "presence-chat.1", ""},
        {"one's company", dan_, own, ""},
        {"in both", cid_, own, ""},
        {"another one's company", bob_, own, "Only members of the company may join."},
        {"no company", bob_, "presence-chat.99000", "Only members of the company may join."},
        {"not as private", bob_, "private-chat", no_rule},
        {"nor by number", bob_, "private-chat.1", no_rule},
    };
    for (const auto& row : table) EXPECT_EQ(ask(row.actor, row.channel), row.refusal) << row.rule;
}

TEST_P(ChannelAuthorizerTest, NothingElseIsAllowed) {
    const auto own = fmt::format("{}", bob_.user_id);
    const std::vector<std::string> channels = {std::string("chat"),
                                               std::string("news"),
                                               std::string("cache-chat"),
                                               "user." + own,
                                               "private-encrypted-user." + own,
                                               "private-encrypted-cache-user." + own,
                                               "private-cache-user." + own,
                                               "presence-user." + own,
                                               "presence-cache-chat",
                                               "private-",
                                               "private-other." + own,
                                               "private-User." + own,
                                               "private-App.Models.Company." + own,
                                               "private-App.User." + own,
                                               "presence-chat.",
                                               "Private-user." + own,
                                               "private-user:" + own,
                                               "#server-to-user-" + own,
                                               std::string("")};
    for (const auto& channel : channels) EXPECT_NE(ask(bob_, channel), "") << channel;
    EXPECT_EQ(ask(bob_, "chat"), "The channel is public: nobody needs to be authorised for it.");
    EXPECT_EQ(ask(bob_, "private-encrypted-user." + own), "The chat has no encrypted channels.");
}

TEST_P(ChannelAuthorizerTest, WhoHasLeftIsRefused) {
    const auto group = world_.add_group(ann_, "Group", {bob_, cid_});
    const auto channel = fmt::format("private-chat.1.conversation.{}", group.id);
    EXPECT_EQ(ask(bob_, channel), "");
    (void)test::World::taken(world_.change(
        [&](Change& change) { return remove_participant(change, bob_, group.id, bob_.user_id); }));
    EXPECT_NE(ask(bob_, channel), "");
    EXPECT_EQ(ask(cid_, channel), "");
}

TEST(MemberData, IsIdNameAndAvatarWithoutAnEMailAddress) {
    const Actor plain{.user_id = 2, .name = "Ali \"the\" Ö", .email = "ali@example.com"};
    Actor pictured = plain;
    pictured.avatar_url = "https://example.com/a.png";
    EXPECT_EQ(member_data(plain, "presence-chat", 2'048),
              R"({"user_id":"2","user_info":{"id":2,"name":"Ali \"the\" Ö"}})");
    const std::string whole =
        R"({"user_id":"2","user_info":{"id":2,"name":"Ali \"the\" Ö","avatar_url":"https://example.com/a.png"}})";
    const auto size = static_cast<std::int64_t>(whole.size());
    EXPECT_EQ(member_data(pictured, "presence-chat.6", size), whole);
    EXPECT_EQ(member_data(pictured, "presence-chat.6", size - 1), member_data(plain, "presence-chat", size));
    EXPECT_EQ(member_data(pictured, "presence-chat.6", unlimited), whole);
    EXPECT_FALSE(member_data(plain, "private-user.2", 2'048));
    EXPECT_EQ(sign_in_data(plain), R"({"id":"2","user_info":{"id":2,"name":"Ali \"the\" Ö"}})");
}

}  // namespace
}  // namespace parley::chat
