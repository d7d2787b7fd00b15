#include "pusher/client_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::pusher {
namespace {

using testing::HasSubstr;

constexpr std::size_t depth_max = 32;

template <typename Message>
Message read_as(ClientMessageReader& reader, std::string_view text) {
    const auto message = reader.read(text);
    if (const auto* refusal = std::get_if<Refusal>(&message))
        ADD_FAILURE() << text << "\n" << refusal->sentence;
    return std::holds_alternative<Message>(message) ? std::get<Message>(message) : Message{};
}

std::string refusal_of(std::string_view text) {
    ClientMessageReader reader(depth_max);
    const auto message = reader.read(text);
    return std::holds_alternative<Refusal>(message) ? std::get<Refusal>(message).sentence : "(accepted)";
}

TEST(ClientMessage, ReadsPingsAndPongsWhateverTheirData) {
    ClientMessageReader reader(depth_max);
    for (const char* data : {"", R"(,"data":{})", R"(,"data":null)", R"(,"data":"{}")",
                             R"(,"data":"not json")", R"(,"data":[1],"other":true)"}) {
        const auto rest = std::string(data) + "}";
        EXPECT_TRUE(std::holds_alternative<Ping>(reader.read(R"({"event": "pusher:ping")" + rest))) << data;
        EXPECT_TRUE(std::holds_alternative<Pong>(reader.read(R"({"event":"pusher:pong")" + rest))) << data;
    }
}

TEST(ClientMessage, ReadsSubscriptions) {
    ClientMessageReader reader(depth_max);
    const auto bare = read_as<Subscribe>(reader, R"({"event":"pusher:subscribe","data":{"channel":"news"}})");
    EXPECT_EQ(bare.channel, "news");
    EXPECT_EQ(bare.auth, "");
    EXPECT_EQ(bare.channel_data, std::nullopt);

    const auto nulls = read_as<Subscribe>(
        reader, R"({"event":"pusher:subscribe","data":{"channel":"news","auth":null,"channel_data":null}})");
    EXPECT_EQ(nulls.auth, "");
    EXPECT_EQ(nulls.channel_data, std::nullopt);

    const auto others = read_as<Subscribe>(
        reader,
        R"({"event":"pusher:subscribe","data":{"channel":"x","auth":7,"channel_data":{"user_id": 1}}})");
    EXPECT_EQ(others.auth, "7");
    EXPECT_EQ(others.channel_data, R"({"user_id": 1})");

    const auto full = read_as<Subscribe>(
        reader,
        R"( { "data" : {"channel_data":"{\"user_id\": 1}","x":[1],"channel":"presence-x","auth":"K:00"}, "event":"pusher:subscribe" } )");
    EXPECT_EQ(full.channel, "presence-x");
    EXPECT_EQ(full.auth, "K:00");
    EXPECT_EQ(full.channel_data, R"({"user_id": 1})");
}

TEST(ClientMessage, ReadsDataGivenAsAString) {
    ClientMessageReader reader(depth_max);
    const auto subscribe = read_as<Subscribe>(
        reader, R"({"event":"pusher:subscribe","data":"{\"channel\":\"a\\u0062\",\"auth\":\"K:1\"}"})");
    EXPECT_EQ(subscribe.channel, "ab");
    EXPECT_EQ(subscribe.auth, "K:1");
    const auto unsubscribe =
        read_as<Unsubscribe>(reader, R"({"event":"pusher:unsubscribe","data":"{\"channel\":\"a\"}"})");
    EXPECT_EQ(unsubscribe.channel, "a");
}

TEST(ClientMessage, ReadsUnsubscribeAndSignIn) {
    ClientMessageReader reader(depth_max);
    EXPECT_EQ(
        read_as<Unsubscribe>(reader, R"({"event":"pusher:unsubscribe","data":{"channel":"news"}})").channel,
        "news");
    const auto sign_in = read_as<SignIn>(
        reader, R"({"event":"pusher:signin","data":{"auth":"K:1","user_data":"{\"id\":\"12345\"}"}})");
    EXPECT_EQ(sign_in.auth, "K:1");
    EXPECT_EQ(sign_in.user_data, R"({"id":"12345"})");
}

TEST(ClientMessage, ForwardsTextAsItIsAndAnythingElseAsItsJsonText) {
    struct Case {
        const char* member;
        std::string_view forwarded;
    };
    const Case cases[] = {
        {R"(,"data":{"on":true})", R"({"on":true})"},
        {R"(,"data": {"on" : [1, "}"]} )", R"({"on" : [1, "}"]})"},
        {R"(,"data":"{\"on\":true}")", R"({"on":true})"},
        {R"(,"data":"")", ""},
        {R"(,"data":"\u0000")", std::string_view("\0", 1)},
        {R"(,"data":[])", "[]"},
        {R"(,"data":-1.50e3)", "-1.50e3"},
        {R"(,"data":false)", "false"},
        {R"(,"data":null)", "{}"},
        {"", "{}"},
        {R"(,"data":1,"data":2)", "2"},
    };
    ClientMessageReader reader(depth_max);
    for (const auto& c : cases) {
        const auto event =
            read_as<ClientEvent>(reader, R"({"event":"client-typing","user_id":"x","channel":"presence-x")" +
                                             std::string(c.member) + "}");
        EXPECT_EQ(event.name, "client-typing");
        EXPECT_EQ(event.channel, "presence-x");
        EXPECT_EQ(event.data, c.forwarded) << c.member;
    }
}

TEST(ClientMessage, TakesTheLastOfEqualMembers) {
    ClientMessageReader reader(depth_max);
    const auto message = read_as<Subscribe>(
        reader,
        R"({"event":7,"event":"pusher:subscribe","data":1,"data":{"channel":"a","chann\u0065l":"b"}})");
    EXPECT_EQ(message.channel, "b");
}

TEST(ClientMessage, RefusesWithASentenceThatNamesTheMember) {
    struct Case {
        const char* text;
        const char* sentence;
    };
    const Case cases[] = {
        {"", "The message is not valid JSON in UTF-8."},
        {"hello", "The message is not valid JSON in UTF-8."},
        {"{} {}", "The message is not valid JSON in UTF-8."},
        {"{\"event\":\"\xFF\"}", "The message is not valid JSON in UTF-8."},
        {"[]", "The message must be a JSON object, not an array."},
        {"7", "The message must be a JSON object, not a number."},
        {"1.5", "The message must be a JSON object, not a number."},
        {"true", "The message must be a JSON object, not a boolean."},
        {"null", "The message must be a JSON object, not null."},
        {R"("x")", "The message must be a JSON object, not a string."},
        {"{}", "The member 'event' of the message is missing; it must be a string."},
        {R"({"event":7})", "The member 'event' of the message must be a string, not a number."},
        {R"({"event":null})", "The member 'event' of the message must be a string, not null."},
        {R"({"event":"pusher:subscribe"})",
         "The member 'data.channel' of pusher:subscribe is missing; it must be a string."},
        {R"({"event":"pusher:subscribe","data":null})",
         "The member 'data.channel' of pusher:subscribe is missing; it must be a string."},
        {R"({"event":"pusher:subscribe","data":[]})",
         "The member 'data' of pusher:subscribe must be an object, not an array."},
        {R"({"event":"pusher:subscribe","data":"news"})",
         "The member 'data' of pusher:subscribe is a string that is not valid JSON in UTF-8."},
        {R"({"event":"pusher:subscribe","data":"7"})",
         "The member 'data' of pusher:subscribe is a string that must hold an object, not a number."},
        {R"({"event":"pusher:subscribe","data":{"channel":7}})",
         "The member 'data.channel' of pusher:subscribe must be a string, not a number."},
        {R"({"event":"pusher:unsubscribe","data":{"channel":false}})",
         "The member 'data.channel' of pusher:unsubscribe must be a string, not a boolean."},
        {R"({"event":"pusher:signin","data":{"user_data":"{}"}})",
         "The member 'data.auth' of pusher:signin is missing; it must be a string."},
        {R"({"event":"pusher:signin","data":{"auth":"K:1","user_data":{}}})",
         "The member 'data.user_data' of pusher:signin must be a string, not an object."},
        {R"({"event":"client-x"})",
         "The member 'channel' of a client event is missing; it must be a string."},
        {R"({"event":"client-x","channel":["a"]})",
         "The member 'channel' of a client event must be a string, not an array."},
    };
    for (const auto& c : cases) EXPECT_EQ(refusal_of(c.text), c.sentence) << c.text;
}

TEST(ClientMessage, RefusesUnknownEvents) {
    for (const char* name : {"pusher:nonsense", "pusher_internal:member_added", "message", "", "Client-x",
                             "client", "pusher:connection_established"})
        EXPECT_THAT(refusal_of(R"({"event":")" + std::string(name) + R"("})"),
                    HasSubstr("The event '" + std::string(name) + "' is unknown."))
            << name;
    EXPECT_LT(refusal_of(R"({"event":")" + std::string(10'000, 'x') + R"("})").size(), 400U);
}

TEST(ClientMessage, NestsToTheDepthAndNotOneFurther) {
    const auto nested = [](std::size_t levels) {
        return R"({"event":"client-x","channel":"private-a","data":)" + std::string(levels, '[') + "1" +
               std::string(levels, ']') + "}";
    };
    EXPECT_EQ(refusal_of(nested(depth_max - 1)), "(accepted)");
    EXPECT_EQ(refusal_of(nested(depth_max)),
              "The message is JSON nested too deeply (limits.max_json_depth).");

    const auto in_a_string = [](std::size_t levels) {
        return R"({"event":"pusher:subscribe","data":"{\"channel\":\"a\",\"x\":)" + std::string(levels, '[') +
               "1" + std::string(levels, ']') + R"(}"})";
    };
    EXPECT_EQ(refusal_of(in_a_string(depth_max - 1)), "(accepted)");
    EXPECT_THAT(refusal_of(in_a_string(depth_max)), HasSubstr("nested too deeply"));
}

}  // namespace
}  // namespace parley::pusher
