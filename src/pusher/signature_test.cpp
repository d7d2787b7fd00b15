#include "pusher/signature.hpp"

#include <gtest/gtest.h>

namespace parley::pusher {
namespace {

constexpr std::string_view key = "278d425bdf160c739803";
constexpr SocketId socket_id = {1234, 1234};

class ChannelSignature : public testing::Test {
protected:
    AuthResult check(std::string_view channel, std::string_view auth,
                     std::optional<std::string_view> channel_data = std::nullopt) {
        return check_channel_auth(credentials_, socket_id, channel, auth, channel_data);
    }

    crypto::HmacSha256 hmac_{"7ad3773142a6692b25b8"};
    Credentials credentials_{key, hmac_};
};

struct Vector {
    std::string_view string_to_sign;
    std::string_view hmac;
    std::string_view channel;
    std::optional<std::string_view> channel_data;
};

constexpr std::string_view ten_channels = R"({"user_id":10,"user_info":{"name":"Mr. Channels"}})";
constexpr std::string_view ten_pusher = R"({"user_id":10,"user_info":{"name":"Mr. Pusher"}})";
constexpr std::string_view beyond_ascii = R"({"user_id":"é7","user_info":{"name":"Łukasz ☃"}})";

const Vector vectors[] = {
    {"1234.1234:private-foobar", "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4",
     "private-foobar", std::nullopt},
    {R"(1234.1234:private-foobar:{"a":1})",
     "3f4243af5e27f47d11116e80a4b762a3b672c9b83f9e82645a0ba883c2592b09", "private-foobar", R"({"a":1})"},
    {"1234.1234:private-encrypted-foobar", "e6a18892d037c5d5e76a2265df4f086ffc38631605530dfd214aa5bff495f533",
     "private-encrypted-foobar", std::nullopt},
    {R"(1234.1234:presence-foobar:{"user_id":10,"user_info":{"name":"Mr. Channels"}})",
     "31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80", "presence-foobar", ten_channels},
    {R"(1234.1234:presence-foobar:{"user_id":10,"user_info":{"name":"Mr. Pusher"}})",
     "afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c", "presence-foobar", ten_pusher},
    {R"(1234.1234:presence-foobar:{"user_id":"é7","user_info":{"name":"Łukasz ☃"}})",
     "7ef8ab21441a1b533537d0f02e2334af050f71ae083dc3fd497bd1c93e687355", "presence-foobar", beyond_ascii},
};

TEST_F(ChannelSignature, AgreesWithEveryVector) {
    for (const auto& vector : vectors) {
        EXPECT_EQ(channel_string_to_sign(socket_id, vector.channel, vector.channel_data),
                  vector.string_to_sign);
        const auto auth = std::string(key) + ":" + std::string(vector.hmac);
        EXPECT_EQ(make_auth(credentials_, vector.string_to_sign), auth);
        EXPECT_EQ(check(vector.channel, auth, vector.channel_data), AuthResult::ok) << vector.string_to_sign;
        EXPECT_EQ(check("private-other", auth, vector.channel_data), AuthResult::mismatch)
            << vector.string_to_sign;
    }
}

TEST_F(ChannelSignature, AgreesWithTheVectorsOfASignedInUser) {
    EXPECT_EQ(make_auth(credentials_, channel_string_to_sign(socket_id, "presence-foobar", std::nullopt)),
              std::string(key) + ":71506e66e7fdca106571b8999a849ad34245bc653772e51e0026c1a2475b92ba");
    EXPECT_EQ(check_channel_auth(
                  credentials_, socket_id, "presence-foobar",
                  make_auth(credentials_, channel_string_to_sign(socket_id, "presence-foobar", std::nullopt)),
                  std::nullopt, SignedIn::yes),
              AuthResult::ok);
    constexpr std::string_view user_data = R"({"id":"12345"})";
    const auto auth = std::string(key) + ":4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba";
    EXPECT_EQ(user_string_to_sign(socket_id, user_data), R"(1234.1234::user::{"id":"12345"})");
    EXPECT_EQ(make_auth(credentials_, user_string_to_sign(socket_id, user_data)), auth);
    EXPECT_EQ(check_user_auth(credentials_, socket_id, user_data, auth), AuthResult::ok);
    EXPECT_EQ(check_user_auth(credentials_, socket_id, R"({"id":"12346"})", auth), AuthResult::mismatch);
    EXPECT_EQ(check_user_auth(credentials_, socket_id, user_data, ""), AuthResult::malformed);
    EXPECT_EQ(check_user_auth(credentials_, socket_id, user_data, "other:" + auth.substr(21)),
              AuthResult::wrong_key);
}

TEST_F(ChannelSignature, NeedsChannelDataOnPresenceChannels) {
    const auto auth = make_auth(credentials_, "1234.1234:presence-foobar");
    EXPECT_EQ(check("presence-foobar", auth), AuthResult::channel_data_missing);
    EXPECT_EQ(check("presence-foobar", auth, ten_channels), AuthResult::mismatch);
}

TEST_F(ChannelSignature, AcceptsEitherStringOnPrivateChannels) {
    const auto without_data = make_auth(credentials_, "1234.1234:private-foobar");
    const auto with_data = make_auth(credentials_, R"(1234.1234:private-foobar:{"a":1})");
    EXPECT_EQ(check("private-foobar", without_data, R"({"a":1})"), AuthResult::ok);
    EXPECT_EQ(check("private-foobar", with_data, R"({"a":1})"), AuthResult::ok);
    EXPECT_EQ(check("private-foobar", with_data, R"({"a":2})"), AuthResult::mismatch);
    EXPECT_EQ(check("private-foobar", with_data), AuthResult::mismatch);
}

TEST_F(ChannelSignature, SignsTheBytesOfChannelDataAsSent) {
    const auto auth = make_auth(credentials_, R"(1234.1234:presence-x:{"user_id": 1})");
    EXPECT_EQ(check("presence-x", auth, R"({"user_id": 1})"), AuthResult::ok);
    EXPECT_EQ(check("presence-x", auth, R"({"user_id":1})"), AuthResult::mismatch);
}

TEST_F(ChannelSignature, BindsTheConnection) {
    const auto auth = make_auth(credentials_, "1234.1234:private-foobar");
    EXPECT_EQ(check_channel_auth(credentials_, {1234, 1235}, "private-foobar", auth, std::nullopt),
              AuthResult::mismatch);
}

TEST_F(ChannelSignature, SaysWhatIsWrong) {
    const std::string hmac = "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4";
    const std::string good = std::string(key) + ":" + hmac;
    EXPECT_EQ(check("private-foobar", good), AuthResult::ok);
    EXPECT_EQ(check("private-foobar", ""), AuthResult::malformed);
    EXPECT_EQ(check("private-foobar", hmac), AuthResult::malformed);
    EXPECT_EQ(check("private-foobar", "other:" + hmac), AuthResult::wrong_key);
    EXPECT_EQ(check("private-foobar", ":" + hmac), AuthResult::wrong_key);
    EXPECT_EQ(check("private-foobar", std::string(key) + ":"), AuthResult::mismatch);
    EXPECT_EQ(check("private-foobar", good.substr(0, good.size() - 1)), AuthResult::mismatch);
    EXPECT_EQ(check("private-foobar", good + "0"), AuthResult::mismatch);
    auto changed = good;
    changed.back() = '5';
    EXPECT_EQ(check("private-foobar", changed), AuthResult::mismatch);
}

}  // namespace
}  // namespace parley::pusher
