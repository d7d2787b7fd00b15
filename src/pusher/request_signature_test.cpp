#include "pusher/request_signature.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::pusher {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view key = "278d425bdf160c739803";
constexpr std::string_view secret = "7ad3773142a6692b25b8";
constexpr std::int64_t signed_s = 1'353'088'179;
constexpr std::string_view common =
    "auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0";

struct Vector {
    int number;
    std::string_view method;
    std::string_view path;
    std::string_view canonical;  // behind the common parameters
    std::string_view sent;       // the same as it may stand in a URL
    std::string_view body;
    std::string_view signature;
};

constexpr std::string_view body_1 = R"({"name":"foo","channels":["project-3"],"data":"{\"some\":\"data\"}"})";
constexpr std::string_view body_8 =
    R"({"batch":[{"channel":"a","name":"e1","data":"{\"n\":1}"},{"channel":"presence-b","name":"e2","data":"x","socket_id":"1234.1234","info":"user_count"}]})";
constexpr std::string_view body_9 = R"({"name":"grüße","channel":"news","data":"\"Ελληνικά ☃\""})";
static_assert(body_1.size() == 68 && body_8.size() == 150 && body_9.size() == 69);

constexpr Vector vectors[] = {
    {1, "POST", "/apps/3/events", "&body_md5=ec365a775a4cd0599faeb73354201b6f",
     "&body_md5=ec365a775a4cd0599faeb73354201b6f", body_1,
     "da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c"},
    {2, "GET", "/apps/3/channels", "&filter_by_prefix=presence-&info=user_count",
     "&info=user_count&filter_by_prefix=presence-", "",
     "16819168891cb5dfd72b5c7a5d3d602605b26c6ba1930033b5e2eeeb65010291"},
    {3, "GET", "/apps/3/channels",
     "&body_md5=d41d8cd98f00b204e9800998ecf8427e&filter_by_prefix=presence-&info=user_count",
     "&body_md5=d41d8cd98f00b204e9800998ecf8427e&filter_by_prefix=presence-&info=user_count", "",
     "f3f17c61ae491cc9085db68b22076e9b772e3bcb301659d655153ee3f9782aba"},
    {4, "GET", "/apps/3/channels/presence-a=b@c,d;e.f", "&info=user_count,subscription_count",
     "&info=user_count%2Csubscription_count", "",
     "7176bce26090df73430dc506b114ab545a90bc589192e6371e3565c9341af754"},
    {5, "GET", "/apps/3/channels/presence-a%3Db%40c%2Cd%3Be.f", "&info=user_count,subscription_count",
     "&info=user_count,subscription_count", "",
     "b2cf90e48079b5c5c5485f3b6ea0e5006879c055845216816e4a9ad867289407"},
    {6, "GET", "/apps/3/channels/presence-foobar/users", "", "", "",
     "5567dd30e7f8575e66be615d2aac3f608a0c311c31ddab8513a278b022e9597e"},
    {7, "GET", "/apps/3/channels/presence-foobar/users", "&body_md5=d41d8cd98f00b204e9800998ecf8427e",
     "&body_md5=d41d8cd98f00b204e9800998ecf8427e", "",
     "3d68b512095fd42cb6741cc80616761b1c77d00fcc4d6d9740f09504a4b761b0"},
    {8, "POST", "/apps/3/batch_events", "&body_md5=7512bde4a5684630b2ee7e835d494c93",
     "&body_md5=7512bde4a5684630b2ee7e835d494c93", body_8,
     "6aa6ade6a1d7a23793108f3a9f22919c84ac3960024da92222bb7f39b7619739"},
    {9, "POST", "/apps/3/events", "&body_md5=995eaffa7d8cb1157e2cc210dea83a0b",
     "&body_md5=995eaffa7d8cb1157e2cc210dea83a0b", body_9,
     "48d96ba743cb61afe2621a72a5d7870475e178f92de022fc6740e8a2f4e59785"},
    {10, "POST", "/apps/3/users/12345/terminate_connections", "&body_md5=99914b932bd37a50b983c5e7c90ae93b",
     "&body_md5=99914b932bd37a50b983c5e7c90ae93b", "{}",
     "01fa634edeb0cae84115307cad5c23f65a46cd286461b1c89637a3b5871a8f0e"},
    {11, "POST", "/apps/3/users/12345/terminate_connections", "", "", "",
     "0bd2da4cd2c60cbe4627bea865cb306fda26121f3665d934db3e0f3f542a91f8"},
    {12, "POST", "/ws-prefix/apps/3/events", "&body_md5=ec365a775a4cd0599faeb73354201b6f",
     "&body_md5=ec365a775a4cd0599faeb73354201b6f", body_1,
     "04abdbe52a40ff8b14962402cae8e22245d9aa5cbeca9e2d5c866cdb71036263"},
    {13, "POST", "/apps/3/events", "&channel=project-3&data=hello world&name=foo",
     "&name=foo&data=hello+world&channel=project-3", "",
     "9bed66ef92fa4edc5d630297ee6904d232274441cc8ddd580619cc05c2a0288c"},
    {14, "GET", "/apps/3/channels", "&filter_by_prefix=presence-", "&Filter_By_Prefix=presence-", "",
     "8b6e6f349874eed20eab8f85a966b2c7016cac589f458d53ac958538eace7c7c"},
};

class RequestSignature : public testing::Test {
protected:
    /// Empty when the request passes; otherwise the sentence, of which `refusal_` has more.
    std::string verify(const SignedRequest& request, std::string_view raw_query,
                       SignatureAge age = {signed_s, 600}) {
        const auto query = Query::parse(raw_query);
        if (!query) return "twice: " + query.error().name;
        const auto verified = verify_request(request, *query, credentials_, age);
        if (verified) return "";
        refusal_ = verified.error();
        EXPECT_EQ(refusal_.status, 401);
        return refusal_.sentence;
    }

    std::string sent_query(const Vector& vector) {
        return std::string(common) + std::string(vector.sent) +
               "&auth_signature=" + std::string(vector.signature);
    }

    /// A GET with these parameters and its right signature.
    std::string verify_signed(std::string parameters, SignatureAge age = {signed_s, 600}) {
        const auto query = Query::parse(parameters);
        parameters +=
            "&auth_signature=" + hmac_.hex(request_string_to_sign("GET", "/apps/3/channels", *query));
        return verify({"GET", "/apps/3/channels", "", ""}, parameters, age);
    }

    crypto::HmacSha256 hmac_{secret};
    Credentials credentials_{key, hmac_};
    RequestRefusal refusal_{};
};

TEST_F(RequestSignature, AgreesWithEveryVector) {
    for (const auto& vector : vectors) {
        const auto query = Query::parse(sent_query(vector));
        ASSERT_TRUE(query) << vector.number;
        const auto string_to_sign = request_string_to_sign(vector.method, vector.path, *query);
        // auth_... and body_md5 come before every other name of the vectors.
        EXPECT_EQ(string_to_sign, std::string(vector.method) + "\n" + std::string(vector.path) + "\n" +
                                      std::string(common) + std::string(vector.canonical))
            << vector.number;
        EXPECT_EQ(hmac_.hex(string_to_sign), vector.signature) << vector.number;
        EXPECT_EQ(verify({vector.method, vector.path, vector.body, ""}, sent_query(vector)), "")
            << vector.number;
    }
}

TEST_F(RequestSignature, DecodesValuesBeforeTheyAreSigned) {
    const auto tail = "&auth_signature=" + std::string(vectors[12].signature);
    for (const char* data : {"hello%20world", "hello+world", "%68ello%20world"})
        EXPECT_EQ(verify({"POST", "/apps/3/events", "", ""},
                         std::string(common) + "&&channel=project-3&data=" + data + "&name=foo" + tail + "&"),
                  "")
            << data;
    EXPECT_THAT(verify({"POST", "/apps/3/events", "", ""},
                       std::string(common) + "&channel=project-3&data=hello%2Bworld&name=foo" + tail),
                HasSubstr("auth_signature does not match"));
}

TEST_F(RequestSignature, TriesThePathWithoutPrefixAndDecoded) {
    const auto query_1 = sent_query(vectors[0]);
    EXPECT_EQ(verify({"POST", "/ws-prefix/apps/3/events", body_1, "/ws-prefix"}, query_1), "");
    EXPECT_NE(verify({"POST", "/ws-prefix/apps/3/events", body_1, ""}, query_1), "");
    EXPECT_NE(verify({"POST", "/other/apps/3/events", body_1, "/ws-prefix"}, query_1), "");
    EXPECT_EQ(verify({"POST", "/ws-prefix/apps/3/events", body_1, "/ws-prefix"}, sent_query(vectors[11])),
              "");

    const auto query_4 = sent_query(vectors[3]);
    const auto escaped = vectors[4].path;
    EXPECT_EQ(verify({"GET", escaped, "", ""}, query_4), "");
    EXPECT_EQ(verify({"GET", "/p" + std::string(escaped), "", "/p"}, query_4), "");
    EXPECT_NE(verify({"GET", escaped.substr(0, escaped.size() - 1), "", ""}, query_4), "");
}

TEST_F(RequestSignature, NeedsEveryParameter) {
    for (const std::string_view name : {"auth_key", "auth_signature", "auth_timestamp", "auth_version"}) {
        auto query = "&" + sent_query(vectors[1]);
        const auto at = query.find("&" + std::string(name));
        query.erase(at, std::min(query.find('&', at + 1), query.size()) - at);
        EXPECT_EQ(verify({"GET", "/apps/3/channels", "", ""}, query),
                  "The query parameter " + std::string(name) + " is missing.");
    }
}

TEST_F(RequestSignature, RefusesAnotherVersionAndBrokenTimes) {
    EXPECT_EQ(verify_signed("auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=2.0"),
              "auth_version must be 1.0, not '2.0'.");
    for (const std::string time : {"", "1353088179.5", "soon", "1353088179x", "99999999999999999999", " 1"})
        EXPECT_EQ(verify_signed("auth_key=278d425bdf160c739803&auth_version=1.0&auth_timestamp=" + time),
                  "auth_timestamp must be Unix time in seconds, not '" + time + "'.");
}

TEST_F(RequestSignature, RefusesTheKeyOfAnotherApp) {
    EXPECT_EQ(verify_signed("auth_key=other&auth_timestamp=1353088179&auth_version=1.0"),
              "auth_key 'other' is not the key of this app.");
}

TEST_F(RequestSignature, AgesToTheLimitAndNotASecondFurther) {
    const auto at = [&](std::int64_t now_s, std::int64_t max_s = 600) {
        return verify_signed(std::string(common), {now_s, max_s});
    };
    EXPECT_EQ(at(signed_s + 600), "");
    EXPECT_EQ(at(signed_s - 600), "");
    EXPECT_EQ(at(signed_s + 601),
              "auth_timestamp is 1353088179, the server's clock says 1353088780: 601 s apart, at most 600 "
              "are allowed "
              "(limits.max_signature_age). Check both clocks.");
    EXPECT_THAT(at(signed_s - 601), HasSubstr("601 s apart"));
    EXPECT_EQ(at(signed_s + 1'000'000, 0), "") << "0 switches the check off";
    EXPECT_THAT(
        verify_signed("auth_key=278d425bdf160c739803&auth_timestamp=-9223372036854775808&auth_version=1.0"),
        HasSubstr("9223372038207863987 s apart"));
}

TEST_F(RequestSignature, ChecksTheBody) {
    EXPECT_EQ(verify({"POST", "/apps/3/events", "x", ""}, std::string(common) + "&auth_signature=0"),
              "The query parameter body_md5 is missing; the request has a body.");
    EXPECT_EQ(verify({"POST", "/apps/3/events", "x", ""}, sent_query(vectors[0])),
              "body_md5 is 'ec365a775a4cd0599faeb73354201b6f', the body of 1 bytes that arrived has "
              "'9dd4e461268c8034f5c8564e155c67a6'.");
    EXPECT_THAT(
        verify({"GET", "/apps/3/channels", "", ""}, std::string(common) + "&body_md5=&auth_signature=0"),
        HasSubstr("body_md5 is ''"));
}

TEST_F(RequestSignature, ShowsWhatWasSignedButNoSecretAndNoRightSignature) {
    auto query = sent_query(vectors[1]);
    query.back() = '0';
    const auto sentence = verify({"GET", "/apps/3/channels", "", ""}, query);
    EXPECT_EQ(sentence, "auth_signature does not match.");
    EXPECT_EQ(refusal_.code, RefusalCode::wrong_signature);
    EXPECT_EQ(refusal_.compared,
              "GET\n/apps/3/channels\n" + std::string(common) + std::string(vectors[1].canonical));
    EXPECT_THAT(verify({"GET", "/apps/3/channels", "", ""}, query.substr(0, query.size() - 1)),
                HasSubstr("does not match"));
}

TEST_F(RequestSignature, StaysUtf8WhateverIsSent) {
    EXPECT_EQ(verify({"GET", "/%ff", "", ""}, std::string(common) + "&x=%ff&auth_signature=0"),
              "auth_signature does not match.");
    EXPECT_THAT(refusal_.compared, HasSubstr("&x=\uFFFD"));
}

TEST_F(RequestSignature, NamesEveryReasonWithItsCode) {
    const auto code = [&](std::string_view query, std::string_view body = "") {
        EXPECT_NE(verify({"GET", "/apps/3/channels", body, ""}, query), "") << query;
        return refusal_.code;
    };
    const std::string key_and_version = "auth_key=278d425bdf160c739803&auth_version=1.0&auth_signature=0";
    EXPECT_EQ(code(common), RefusalCode::auth_missing);
    EXPECT_EQ(code("auth_key=k&auth_timestamp=1&auth_version=2.0&auth_signature=0"),
              RefusalCode::auth_version);
    EXPECT_EQ(code(key_and_version + "&auth_timestamp=soon"), RefusalCode::timestamp_malformed);
    EXPECT_EQ(code("auth_key=k&auth_timestamp=1&auth_version=1.0&auth_signature=0"), RefusalCode::wrong_key);
    EXPECT_EQ(code(key_and_version + "&auth_timestamp=1353080000"), RefusalCode::clock_off);
    EXPECT_EQ(code(key_and_version + "&auth_timestamp=1353088179123"),
              RefusalCode::timestamp_in_milliseconds);
    EXPECT_EQ(code(key_and_version + "&auth_timestamp=1353088179", "x"), RefusalCode::body_md5_missing);
    EXPECT_EQ(code(key_and_version + "&auth_timestamp=1353088179&body_md5=0", "x"),
              RefusalCode::body_md5_wrong);
    EXPECT_EQ(code(key_and_version + "&auth_timestamp=1353088179"), RefusalCode::wrong_signature);
}

TEST_F(RequestSignature, RefusesAParameterTwice) {
    EXPECT_EQ(verify({"GET", "/", "", ""}, "info=a&INFO=b"), "twice: info");
    EXPECT_EQ(verify({"GET", "/", "", ""}, "a=1&b=2&%61=1"), "twice: a");
}

TEST_F(RequestSignature, IsMadeForClientsAsItIsVerified) {
    const std::array parameters = {QueryParameter{"info", "user_count,subscription_count"},
                                   QueryParameter{"note", "a b+c&d=é~"}};
    const auto query = signed_query(credentials_, "POST", "/apps/3/events", parameters, body_1, signed_s);
    ASSERT_TRUE(query);
    EXPECT_THAT(*query,
                HasSubstr("info=user_count%2Csubscription_count&note=a%20b%2Bc%26d%3D%C3%A9~&auth_key="));
    EXPECT_EQ(verify({"POST", "/apps/3/events", body_1, ""}, *query), "");

    const auto bare =
        signed_query(credentials_, "GET", "/apps/3/channels/presence-foobar/users", {}, "", signed_s);
    EXPECT_EQ(bare, std::string(common) + "&auth_signature=" + std::string(vectors[5].signature));

    for (const char* name : {"auth_key", "auth_timestamp", "auth_version", "body_md5", "Auth_Signature"}) {
        const std::array twice = {QueryParameter{name, "x"}};
        EXPECT_FALSE(signed_query(credentials_, "POST", "/", twice, "body", signed_s)) << name;
    }
}

}  // namespace
}  // namespace parley::pusher
