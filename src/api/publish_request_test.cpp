#include "api/publish_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PublishRequestTest : public testing::Test {
protected:
    PublishRequest parse(std::string_view body) {
        auto event = parse_publish_body(parser_, body, limits_);
        if (!event) ADD_FAILURE() << body << "\n" << event.error().sentence;
        return event.value_or(PublishRequest{});
    }

    /// Status and sentence of a refused body.
    std::string refuse(std::string_view body) {
        const auto event = parse_publish_body(parser_, body, limits_);
        return event ? "accepted" : std::to_string(event.error().status) + " " + event.error().sentence;
    }

    std::string refuse_batch(std::string_view body) {
        const auto events = parse_batch_body(parser_, body, limits_);
        return events ? "accepted" : std::to_string(events.error().status) + " " + events.error().sentence;
    }

    tl::expected<PublishRequest, Refusal> parse_query(std::string_view raw) {
        return parse_publish_query(*pusher::Query::parse(raw), limits_);
    }

    json::Parser parser_{32};
    Limits limits_;
};

std::string with_data(std::string_view data) {
    return R"({"name":"n","channel":"c","data":)" + std::string(data) + "}";
}

std::string with_name(std::string_view name) {
    return R"({"name":")" + std::string(name) + R"(","channel":"c","data":""})";
}

std::string with_channels(std::string_view channels) {
    return R"({"name":"n","data":"","channels":)" + std::string(channels) + "}";
}

std::string with_member(std::string_view member) {
    return R"({"name":"n","channel":"c","data":"",)" + std::string(member) + "}";
}

std::string array_of(std::size_t count, std::string_view element) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i) text.append(i == 0 ? "" : ",").append(element);
    return text + "]";
}

TEST_F(PublishRequestTest, ReadsWhatServerLibrariesSend) {
    const auto node = parse(R"({"name":"foo","channels":["project-3"],"data":"{\"some\":\"data\"}"})");
    EXPECT_EQ(node.name, "foo");
    EXPECT_THAT(node.channels, ElementsAre("project-3"));
    EXPECT_EQ(node.data, R"({"some":"data"})");
    EXPECT_FALSE(node.except);
    EXPECT_FALSE(node.info.any());

    const auto php = parse(
        R"({"name":"App\\Events\\X","data":"1","channel":"private-a","socket_id":"1234.1234","info":"user_count","x":[]})");
    EXPECT_EQ(php.name, "App\\Events\\X");
    EXPECT_THAT(php.channels, ElementsAre("private-a"));
    EXPECT_EQ(php.except, (pusher::SocketId{1234, 1234}));
    EXPECT_EQ(php.info, (Attributes{true, false, false}));
}

TEST_F(PublishRequestTest, DeliversTextUnchangedAndAnythingElseAsCompactJson) {
    struct Case {
        const char* given;
        std::string_view delivered;
    };
    const Case cases[] = {
        {R"("")", ""},
        {R"(" { } ")", " { } "},
        {R"("\u0000\ud83d\ude00\u2028")", std::string_view("\0\xF0\x9F\x98\x80\xE2\x80\xA8", 8)},
        {R"({ "a" : [ 1 , "b c" ] })", R"({"a":[1,"b c"]})"},
        {"[ ]", "[]"},
        {"null", "null"},
        {"1.50", "1.50"},
        {"true", "true"},
    };
    for (const auto& c : cases) EXPECT_EQ(parse(with_data(c.given)).data, c.delivered) << c.given;
}

TEST_F(PublishRequestTest, CountsARepeatedChannelOnceAndKeepsTheOrder) {
    EXPECT_THAT(parse(with_channels(R"(["b","a","b","private-a"])")).channels,
                ElementsAre("b", "a", "private-a"));
}

TEST_F(PublishRequestTest, PrefersChannelsAndTakesNullForAbsent) {
    EXPECT_THAT(parse(R"({"name":"n","data":"","channels":["a"],"channel":"b"})").channels, ElementsAre("a"));
    EXPECT_THAT(parse(R"({"name":"n","data":"","channels":null,"channel":"b"})").channels, ElementsAre("b"));
}

TEST_F(PublishRequestTest, AddressesUsers) {
    EXPECT_THAT(parse(with_channels(R"(["#server-to-user-é1"])")).channels,
                ElementsAre("#server-to-user-é1"));
    EXPECT_EQ(refuse(with_channels(R"(["#server-to-user-)" + std::string(128, 'a') + R"("])")), "accepted");
    std::string characters;
    for (int i = 0; i < 128; ++i) characters += "é";
    EXPECT_EQ(refuse(with_channels(R"(["#server-to-user-)" + characters + R"("])")), "accepted");
    EXPECT_THAT(refuse(with_channels(R"(["#server-to-user-)" + std::string(129, 'a') + R"("])")),
                HasSubstr("400"));
    EXPECT_THAT(refuse(with_channels(R"(["#server-to-user-"])")),
                HasSubstr("begins with '#', which is reserved"));
}

TEST_F(PublishRequestTest, TakesASocketIdThatIsAbsentOrOfNobody) {
    for (const char* member : {R"("socket_id":null)", R"("socket_id":"")", R"("socket_id":"99999999999.1")"})
        EXPECT_FALSE(parse(with_member(member)).except) << member;
}

TEST_F(PublishRequestTest, RefusesWhatBreaksARule) {
    struct Case {
        std::string body;
        const char* refusal;
    };
    const Case cases[] = {
        {"", "400 The body is not valid JSON in UTF-8."},
        {"{", "400 The body is not valid JSON in UTF-8."},
        {"[]", "400 The body must be a JSON object, not '[]'."},
        {R"({"channel":"c","data":""})", "400 'name' is missing or empty; an event needs one."},
        {with_name(""), "400 'name' is missing or empty; an event needs one."},
        {R"({"name":7,"channel":"c","data":""})", "400 'name' must be a string, not '7'."},
        {with_name("pusher:x"),
         "400 The event name 'pusher:x' begins with 'pusher:' or 'pusher_internal:', which belong to the "
         "protocol."},
        {with_name("pusher_internal:x"),
         "400 The event name 'pusher_internal:x' begins with 'pusher:' or 'pusher_internal:', which belong "
         "to the "
         "protocol."},
        {R"({"name":"n","data":""})",
         "400 'channels' and 'channel' are both missing; an event needs one of them."},
        {R"({"name":"n","data":"","channel":["a"]})", R"(400 'channel' must be a string, not '["a"]'.)"},
        {R"({"name":"n","data":"","channel":""})", "400 The channel name '' is empty."},
        {with_channels("[]"), "400 'channels' must be an array of at least one name, not '[]'."},
        {with_channels("\"a\""), "400 'channels' must be an array of at least one name, not '\"a\"'."},
        {with_channels(R"(["a",7])"), "400 'channels' has '7', which is no string."},
        {with_channels(R"(["a","b c"])"),
         "400 The channel name 'b c' has a character other than A-Z a-z 0-9 _ - = @ , . ;."},
        {R"({"name":"n","channel":"c"})", "400 'data' is missing; an event needs it."},
        {with_member(R"("socket_id":7)"), "400 'socket_id' must be a string, not '7'."},
        {with_member(R"("socket_id":"x")"), "400 'socket_id' is 'x', not two numbers joined by a dot."},
        {with_member(R"("info":7)"), "400 'info' must be a string, not '7'."},
    };
    for (const auto& c : cases) EXPECT_EQ(refuse(c.body), c.refusal) << c.body;
    EXPECT_THAT(refuse(with_member(R"("info":"user_count,cache")")),
                HasSubstr("400 info has the attribute 'cache'"));
    EXPECT_EQ(refuse(with_name("pusher")), "accepted");
}

TEST_F(PublishRequestTest, AdmitsEachLimitAndNotOneMore) {
    limits_.max_event_name_length = 5;
    EXPECT_EQ(refuse(with_name("ééééé")), "accepted") << "counts characters";
    EXPECT_EQ(refuse(with_name("éééééé")),
              "400 The event name 'éééééé' has 6 characters; limits.max_event_name_length is 5.");

    limits_.max_channel_name_length = 4;
    EXPECT_EQ(refuse(with_channels(R"(["abcd"])")), "accepted");
    EXPECT_EQ(
        refuse(with_channels(R"(["abcde"])")),
        "400 The channel name 'abcde' is too long (limits.max_channel_name_length); at most 4 characters.");

    limits_.max_event_channels_at_once = 3;
    EXPECT_EQ(refuse(with_channels(array_of(3, "\"a\""))), "accepted");
    EXPECT_EQ(refuse(with_channels(array_of(4, "\"a\""))),
              "400 'channels' has 4 names; limits.max_event_channels_at_once is 3.");

    limits_.max_event_payload = 10;
    EXPECT_EQ(refuse(with_data(R"("\u00e9\u00e9\u00e9\u00e9\u00e9")")), "accepted") << "counts decoded bytes";
    EXPECT_EQ(refuse(with_data(R"("\u00e9\u00e9\u00e9\u00e9\u00e9a")")),
              "413 'data' has 11 bytes; limits.max_event_payload is 10.");
    EXPECT_EQ(refuse(with_data("[ 1, 2, 3, 4 ]")), "accepted") << "counts what is delivered";
    EXPECT_EQ(refuse(with_data("[ 1, 2, 3, 45 ]")), "accepted");
    EXPECT_EQ(refuse(with_data("[ 1, 2, 3, 456 ]")),
              "413 'data' has 11 bytes; limits.max_event_payload is 10.");

    limits_.max_event_batch_size = 2;
    const auto batch = [](std::size_t count) {
        return R"({"batch":)" + array_of(count, with_data("1")) + "}";
    };
    EXPECT_EQ(refuse_batch(batch(2)), "accepted");
    EXPECT_EQ(refuse_batch(batch(3)), "400 'batch' has 3 events; limits.max_event_batch_size is 2.");
}

TEST_F(PublishRequestTest, RefusesAWholeBatchForOneEvent) {
    EXPECT_EQ(refuse_batch(R"({"batch":[)" + with_data("1") + "," + with_name("pusher:x") + "]}"),
              "400 batch[1]: The event name 'pusher:x' begins with 'pusher:' or 'pusher_internal:', which "
              "belong to the "
              "protocol.");
    limits_.max_event_payload = 1;
    EXPECT_THAT(refuse_batch(R"({"batch":[)" + with_data("12") + "]}"),
                HasSubstr("413 batch[0]: 'data' has 2 bytes"));
    EXPECT_EQ(refuse_batch(R"({"batch":[7]})"), "400 batch[0]: it must be an object.");
    EXPECT_EQ(refuse_batch(R"({"batch":[]})"), "400 'batch' is empty; it needs at least one event.");
    for (const char* body : {"{}", R"({"batch":null})", R"({"batch":{}})"})
        EXPECT_EQ(refuse_batch(body), "400 'batch' must be an array of events.") << body;
    EXPECT_EQ(refuse_batch("["), "400 The body is not valid JSON in UTF-8.");
}

TEST_F(PublishRequestTest, ReadsABatchInOrder) {
    const auto events = parse_batch_body(
        parser_,
        R"({"batch":[{"channel":"a","name":"e1","data":"{\"n\":1}"},{"channels":["presence-b","c"],"name":"e2","data":"x","socket_id":"1234.1234","info":"user_count"}]})",
        limits_);
    ASSERT_TRUE(events);
    ASSERT_EQ(events->size(), 2U);
    EXPECT_EQ(events->at(0).name, "e1");
    EXPECT_FALSE(events->at(0).info.any());
    EXPECT_THAT(events->at(1).channels, ElementsAre("presence-b", "c"));
    EXPECT_EQ(events->at(1).except, (pusher::SocketId{1234, 1234}));
    EXPECT_TRUE(events->at(1).info.user_count);
}

TEST_F(PublishRequestTest, ReadsTheQueryOfOldLibraries) {
    const auto event =
        parse_query("name=foo&data=hello+world&channel=project-3&socket_id=1.2&info=subscription_count");
    ASSERT_TRUE(event);
    EXPECT_EQ(event->name, "foo");
    EXPECT_EQ(event->data, "hello world");
    EXPECT_THAT(event->channels, ElementsAre("project-3"));
    EXPECT_EQ(event->except, (pusher::SocketId{1, 2}));
    EXPECT_TRUE(event->info.subscription_count);
}

TEST_F(PublishRequestTest, HoldsTheQueryToTheSameRules) {
    limits_.max_event_payload = 3;
    for (const char* raw : {"", "name=n&channel=c", "data=&channel=c",
                            "name=n&data=", "name=n&data=&channel=", "name=n&data=&channel=c&socket_id=x",
                            "name=n&data=&channel=c&info=x", "name=%ff&data=&channel=c",
                            "name=n&data=%ff&channel=c", "name=n&data=&channel=%ff"}) {
        const auto event = parse_query(raw);
        ASSERT_FALSE(event) << raw;
        EXPECT_EQ(event.error().status, 400) << raw;
    }
    EXPECT_TRUE(parse_query("name=n&data=abc&channel=c"));
    EXPECT_EQ(parse_query("name=n&data=abcd&channel=c").error().status, 413);
}

}  // namespace
}  // namespace parley::api
