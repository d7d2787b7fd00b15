#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "hub/test_support.hpp"

// What operators find of what clients were refused.
namespace parley::hub {
namespace {

using pusher::RefusalCode;
using testing::HasSubstr;

class HubRefusals : public testing::Test {
protected:
    /// Asks for a private channel with a signature of `signed_text` under `secret`.
    void ask(test::Client& client, std::string_view channel, const std::string& signed_text,
             std::string_view secret = test::app_secret) {
        client.send(fmt::format(R"({{"event":"pusher:subscribe","data":{{"channel":"{}","auth":"{}:{}"}}}})",
                                channel, test::app_key, crypto::HmacSha256(secret).hex(signed_text)));
        node_.settle();
    }

    [[nodiscard]] Refused last() {
        const auto entries = node_.hub.refusals().last(1);
        return entries.empty() ? Refused{} : entries.front().refused;
    }

    ManualClock clock_;
    test::Node node_{clock_, 2};
};

TEST_F(HubRefusals, NameTheConnectionThatASignatureWasMadeFor) {
    const auto other = node_.greeted(1);
    auto client = node_.greeted(0);
    ask(client, "private-x", other.socket_id() + ":private-x");
    const auto refused = last();
    EXPECT_EQ(refused.code, RefusalCode::wrong_socket_id);
    EXPECT_EQ(refused.status, 4009);
    EXPECT_EQ(refused.app_id, "3");
    EXPECT_EQ(refused.channel, "private-x");
    EXPECT_EQ(refused.socket_id, client.socket_id());
    EXPECT_EQ(refused.compared, client.socket_id() + ":private-x");
    EXPECT_THAT(
        client.texts().back(),
        HasSubstr("refused: the signature does not match: it was made for another connection's socket id."));
}

TEST_F(HubRefusals, NameASecretThatWasReplaced) {
    auto client = node_.greeted(0);
    ask(client, "private-x", "something else");
    EXPECT_EQ(last().code, RefusalCode::wrong_signature);
    auto settings = node_.app().settings();
    settings.secrets = {"the new one"};
    node_.hub.apply({settings});
    ask(client, "private-x", client.socket_id() + ":private-x");
    EXPECT_EQ(last().code, RefusalCode::replaced_secret);
}

TEST_F(HubRefusals, AreNotLookedIntoMoreOftenThanALoopCanAfford) {
    auto client = node_.greeted(0);
    const auto key_as_secret = [&] {
        ask(client, "private-x", client.socket_id() + ":private-x", test::app_key);
    };
    for (int i = 0; i < 20; ++i) key_as_secret();
    EXPECT_EQ(last().code, RefusalCode::secret_is_key);
    key_as_secret();
    EXPECT_EQ(last().code, RefusalCode::wrong_signature);
    clock_.advance_ms(1'000);
    node_.settle();
    key_as_secret();
    EXPECT_EQ(last().code, RefusalCode::secret_is_key);
    EXPECT_EQ(node_.hub.refusals().count(RefusalCode::secret_is_key), 21U);
}

TEST_F(HubRefusals, NameConnectionsAndMessages) {
    node_.settle();
    static_cast<void>(node_.connect(0, test::app_secret));
    EXPECT_EQ(last().code, RefusalCode::key_is_secret);
    EXPECT_THAT(last().sentence, testing::Not(HasSubstr(std::string(test::app_secret))));
    static_cast<void>(node_.connect(0, "nope"));
    EXPECT_EQ(last().code, RefusalCode::unknown_key);
    static_cast<void>(node_.connect(0, test::app_key, "protocol=3"));
    EXPECT_EQ(last().code, RefusalCode::protocol_unsupported);

    auto client = node_.greeted(0);
    client.send("nonsense");
    node_.settle();
    EXPECT_EQ(last().code, RefusalCode::message_malformed);
    EXPECT_EQ(last().kind, pusher::RefusalKind::message);
    client.send(R"({"event":"pusher:nothing"})");
    node_.settle();
    EXPECT_EQ(last().code, RefusalCode::unknown_event);
}

TEST(SocketIdSource, RemembersTheLastIds) {
    SocketIdSource source;
    EXPECT_TRUE(source.recent().empty());
    const auto first = source.next();
    EXPECT_THAT(source.recent(), testing::ElementsAre(first));
    for (std::size_t i = 0; i < SocketIdSource::recent_count_max; ++i) static_cast<void>(source.next());
    const auto recent = source.recent();
    EXPECT_EQ(recent.size(), SocketIdSource::recent_count_max);
    EXPECT_THAT(recent, testing::Not(testing::Contains(first)));
}

}  // namespace
}  // namespace parley::hub
