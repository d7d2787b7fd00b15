#include "chat/realtime/online_users.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const store::Statement select_last_seen("SELECT last_seen_at FROM users WHERE id = $1");

class OnlineUsersTest : public testing::TestWithParam<store::Dialect> {
protected:
    void join(Id user_id, std::string_view name, const std::string& channel) {
        online_.member_joined(app_, channel,
                              {.id = std::to_string(user_id),
                               .info = fmt::format(R"({{"id":{},"name":"{}"}})", user_id, name)});
    }
    void leave(Id user_id, const std::string& channel) {
        online_.member_left(app_, channel, std::to_string(user_id));
    }

    std::optional<Moment> last_seen(Id user_id) {
        return world_.read([=](store::Transaction& transaction) {
            return transaction.query_integer(select_last_seen, {user_id});
        });
    }

    /// After everything that was handed to the store before.
    void settle() {
        // A write that is under way may hand over one more when it is done.
        for (int i = 0; i < 2; ++i) world_.change([](Change& /*change*/) {});
    }

    test::World world_{GetParam()};
    Actor ann_ = world_.add_user("Ann");
    Actor bob_ = world_.add_user("Bob");
    ManualClock clock_;
    hub::App app_{0, {.id = "1", .key = "k", .secrets = {"s"}}};
    hub::App other_app_{1, {.id = "2", .key = "l", .secrets = {"s"}}};
    std::vector<std::string> told_;
    OnlineUsers online_{*world_.store, clock_, app_, [this](PresenceChange change) {
                            told_.push_back(fmt::format("{} {} {} {} of {}", change.channel,
                                                        change.joined ? "joined" : "left", change.user_id,
                                                        change.user_name, change.online_count));
                        }};
};

INSTANTIATE_TEST_SUITE_P(Databases, OnlineUsersTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(OnlineUsersTest, AUserIsOnlineWhileInAnyPresenceChannelOfTheChat) {
    EXPECT_FALSE(online_.is_online(ann_.user_id));
    join(ann_.user_id, "Ann", "presence-chat");
    join(ann_.user_id, "Ann", "presence-chat.1.conversation.14");
    join(bob_.user_id, "Bob", "presence-chat.6");
    EXPECT_THAT(online_.online_users(), ElementsAre(ann_.user_id, bob_.user_id));
    leave(ann_.user_id, "presence-chat");
    EXPECT_TRUE(online_.is_online(ann_.user_id));
    leave(ann_.user_id, "presence-chat.1.conversation.14");
    EXPECT_FALSE(online_.is_online(ann_.user_id));
    EXPECT_THAT(online_.online_users(), ElementsAre(bob_.user_id));
}

TEST_P(OnlineUsersTest, AUserIsOnlineWhileSignedIn) {
    online_.signed_in(app_, std::to_string(ann_.user_id));
    online_.signed_in(other_app_, std::to_string(bob_.user_id));
    online_.signed_in(app_, "somebody");
    EXPECT_THAT(online_.online_users(), ElementsAre(ann_.user_id));
    join(ann_.user_id, "Ann", "presence-chat");
    clock_.advance_ms(5'000);
    online_.signed_out(app_, std::to_string(ann_.user_id));
    EXPECT_TRUE(online_.is_online(ann_.user_id)) << "still in a channel";
    online_.signed_in(app_, std::to_string(ann_.user_id));
    leave(ann_.user_id, "presence-chat");
    EXPECT_TRUE(online_.is_online(ann_.user_id)) << "still signed in";
    settle();
    EXPECT_FALSE(last_seen(ann_.user_id));
    online_.signed_out(other_app_, std::to_string(ann_.user_id));
    online_.signed_out(app_, "somebody");
    online_.signed_out(app_, std::to_string(ann_.user_id));
    EXPECT_THAT(online_.online_users(), IsEmpty());
    settle();
    EXPECT_EQ(last_seen(ann_.user_id), clock_.unix_ms() / 1'000 * 1'000);
}

TEST_P(OnlineUsersTest, OtherChannelsAndAppsSayNothing) {
    join(ann_.user_id, "Ann", "presence-campaign.1");
    join(ann_.user_id, "Ann", "presence-chatter");
    online_.member_joined(other_app_, "presence-chat", {.id = "1", .info = "{}"});
    online_.member_joined(app_, "presence-chat", {.id = "somebody", .info = "{}"});
    EXPECT_THAT(online_.online_users(), IsEmpty());
    EXPECT_THAT(told_, IsEmpty());
    leave(ann_.user_id, "presence-chat");
    EXPECT_THAT(told_, IsEmpty());
}

TEST_P(OnlineUsersTest, TellsWhoComesAndGoesWithTheirNumber) {
    join(ann_.user_id, "Ann", "presence-chat");
    join(bob_.user_id, "Bob", "presence-chat");
    join(bob_.user_id, "Bob", "presence-chat.6");
    join(bob_.user_id, "Bob", "presence-chat.6.conversation.14");
    leave(ann_.user_id, "presence-chat");
    leave(bob_.user_id, "presence-chat");
    const auto ann = ann_.user_id;
    const auto bob = bob_.user_id;
    EXPECT_THAT(told_, ElementsAre(fmt::format("presence-chat joined {} Ann of 1", ann),
                                   fmt::format("presence-chat joined {} Bob of 2", bob),
                                   fmt::format("presence-chat.6 joined {} Bob of 1", bob),
                                   fmt::format("presence-chat left {} Ann of 1", ann),
                                   fmt::format("presence-chat left {} Bob of 0", bob)));
}

TEST_P(OnlineUsersTest, ANameThatCannotBeReadIsNone) {
    online_.member_joined(app_, "presence-chat", {.id = "7", .info = R"({"name":5})"});
    online_.member_joined(app_, "presence-chat", {.id = "8", .info = "{}"});
    EXPECT_THAT(told_, ElementsAre("presence-chat joined 7  of 1", "presence-chat joined 8  of 2"));
}

TEST_P(OnlineUsersTest, WhoGoesWasSeenThen) {
    join(ann_.user_id, "Ann", "presence-chat");
    join(bob_.user_id, "Bob", "presence-chat");
    settle();
    EXPECT_FALSE(last_seen(ann_.user_id));
    clock_.advance_ms(5'000);
    leave(ann_.user_id, "presence-chat");
    settle();
    EXPECT_EQ(last_seen(ann_.user_id), clock_.unix_ms() / 1'000 * 1'000);
    EXPECT_FALSE(last_seen(bob_.user_id));
}

TEST_P(OnlineUsersTest, AtTheEndWhoIsOnlineWasSeenThen) {
    join(ann_.user_id, "Ann", "presence-chat");
    clock_.advance_ms(60'000);
    online_.write_all_last_seen();
    EXPECT_EQ(last_seen(ann_.user_id), clock_.unix_ms() / 1'000 * 1'000);
    EXPECT_FALSE(last_seen(bob_.user_id));
}

TEST_P(OnlineUsersTest, LastSeenNeverGoesBack) {
    join(ann_.user_id, "Ann", "presence-chat");
    clock_.advance_ms(60'000);
    online_.write_all_last_seen();
    const auto before = last_seen(ann_.user_id);
    ManualClock earlier;
    OnlineUsers online(*world_.store, earlier, app_, [](PresenceChange /*change*/) {});
    online.member_joined(app_, "presence-chat", {.id = std::to_string(ann_.user_id), .info = "{}"});
    online.write_all_last_seen();
    EXPECT_EQ(last_seen(ann_.user_id), before);
}

}  // namespace
}  // namespace parley::chat
