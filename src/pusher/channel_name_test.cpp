#include "pusher/channel_name.hpp"

#include <string>

#include <gtest/gtest.h>

namespace parley::pusher {
namespace {

struct KindCase {
    std::string_view prefix;
    ChannelKind kind;
    bool needs_auth;
    bool presence;
    bool encrypted;
    bool cached;
    bool client_events;
};

// The table of the channels protocol, row by row.
constexpr KindCase kinds[] = {
    {"private-encrypted-cache-", ChannelKind::private_encrypted_cache, true, false, true, true, false},
    {"private-encrypted-", ChannelKind::private_encrypted, true, false, true, false, false},
    {"private-cache-", ChannelKind::private_cache, true, false, false, true, true},
    {"private-", ChannelKind::private_channel, true, false, false, false, true},
    {"presence-cache-", ChannelKind::presence_cache, true, true, false, true, true},
    {"presence-", ChannelKind::presence, true, true, false, false, true},
    {"cache-", ChannelKind::public_cache, false, false, false, true, false},
    {"", ChannelKind::public_channel, false, false, false, false, false},
};

TEST(ChannelKind, FollowsFromThePrefixWithAndWithoutARest) {
    for (const auto& row : kinds) {
        EXPECT_EQ(classify(std::string(row.prefix) + "x"), row.kind) << row.prefix;
        EXPECT_EQ(classify(row.prefix), row.kind) << row.prefix;
        EXPECT_EQ(needs_auth(row.kind), row.needs_auth) << row.prefix;
        EXPECT_EQ(is_presence(row.kind), row.presence) << row.prefix;
        EXPECT_EQ(is_encrypted(row.kind), row.encrypted) << row.prefix;
        EXPECT_EQ(is_cache(row.kind), row.cached) << row.prefix;
        EXPECT_EQ(takes_client_events(row.kind), row.client_events) << row.prefix;
    }
}

TEST(ChannelKind, IgnoresPrefixesElsewhereOrWithoutDash) {
    for (const char* name : {"my-private-x", "foo-cache-x", "privatex", "presence", "private", "cache",
                             "Private-x", "xpresence-a", "", "encrypted-x"})
        EXPECT_EQ(classify(name), ChannelKind::public_channel) << name;
    EXPECT_EQ(classify("private-encryptedx"), ChannelKind::private_channel);
    EXPECT_EQ(classify("private-encrypted-cachex"), ChannelKind::private_encrypted);
    EXPECT_EQ(classify("presence-private-x"), ChannelKind::presence);
}

TEST(ChannelName, AdmitsEveryAllowedCharacterAndNoOther) {
    const std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=@,.;";
    for (int c = 0; c < 256; ++c) {
        const std::string name = {'a', static_cast<char>(c)};
        const bool expected = allowed.find(static_cast<char>(c)) != std::string_view::npos;
        EXPECT_EQ(check_channel_name(name, 200).has_value(), expected) << c;
    }
}

TEST(ChannelName, SaysWhatIsWrong) {
    EXPECT_EQ(check_channel_name("", 200).error(), ChannelNameError::empty);
    EXPECT_EQ(check_channel_name("#server-to-user-1", 200).error(), ChannelNameError::reserved);
    EXPECT_EQ(check_channel_name("#", 200).error(), ChannelNameError::reserved);
    EXPECT_EQ(check_channel_name("a#b", 200).error(), ChannelNameError::forbidden_character);
    EXPECT_EQ(check_channel_name("private-a:b", 200).error(), ChannelNameError::forbidden_character);
    EXPECT_EQ(check_channel_name("caf\xC3\xA9", 200).error(), ChannelNameError::forbidden_character);
}

TEST(ChannelName, IsAsLongAsTheLimitAndNotOneLonger) {
    EXPECT_TRUE(check_channel_name(std::string(200, 'a'), 200));
    EXPECT_EQ(check_channel_name(std::string(201, 'a'), 200).error(), ChannelNameError::too_long);
}

TEST(ChannelName, AddressesAUser) {
    EXPECT_EQ(user_of_server_to_user_channel("#server-to-user-12345"), "12345");
    EXPECT_EQ(user_of_server_to_user_channel("#server-to-user-a-b"), "a-b");
    EXPECT_EQ(server_to_user_channel("a-b"), "#server-to-user-a-b");
    for (const char* name :
         {"#server-to-user-", "#server-to-user", "server-to-user-1", "#Server-to-user-1", ""})
        EXPECT_EQ(user_of_server_to_user_channel(name), std::nullopt) << name;
}

}  // namespace
}  // namespace parley::pusher
