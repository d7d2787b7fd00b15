#include "pusher/signature_diagnosis.hpp"

#include <array>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::pusher {
namespace {

constexpr std::string_view key = "278d425bdf160c739803";
constexpr SocketId socket_id{1234, 1234};
constexpr std::string_view channel = "presence-foobar";
constexpr std::string_view data = R"({"user_id":11,"user_info":{"url":"a/é"}})";

class SignatureDiagnosis : public testing::Test {
protected:
    static std::string sign(std::string_view under, std::string_view text) {
        return crypto::HmacSha256(under).hex(text);
    }

    SuspectSecrets suspects() { return {{key, signer_}, secrets_, {&retired_, 1}}; }

    /// The code found for a subscription with this signature; empty when nothing was.
    std::string of_channel(std::string_view signature, std::string_view name = channel,
                           std::optional<std::string_view> channel_data = data) {
        const auto auth = std::string(key) + ":" + std::string(signature);
        return found(diagnose(
            suspects(),
            SuspectAuth{SuspectAuth::Purpose::subscription, socket_id, name, auth, channel_data, others_},
            parser_));
    }

    std::string of_user(std::string_view signature, std::string_view user_data) {
        const auto auth = std::string(key) + ":" + std::string(signature);
        return found(diagnose(
            suspects(), SuspectAuth{SuspectAuth::Purpose::sign_in, socket_id, "", auth, user_data, others_},
            parser_));
    }

    /// The same for a request, signed with `signed_text` under the app's secret.
    std::string of_request(const SignedRequest& request, std::string_view parameters,
                           std::string_view signature, std::string_view forwarded_prefix = "") {
        const auto raw = std::string(parameters) + "&auth_signature=" + std::string(signature);
        const auto query = Query::parse(raw);
        EXPECT_TRUE(query) << raw;
        return found(diagnose(suspects(), SuspectRequest{request, *query, raw, forwarded_prefix}));
    }

    std::string found(const std::optional<Diagnosis>& diagnosis) {
        if (!diagnosis) return "";
        EXPECT_EQ(diagnosis->reason.find(secret_), std::string::npos);
        EXPECT_NE(diagnosis->reason, "");
        return std::string(name_of(diagnosis->code));
    }

    std::string secret_ = "7ad3773142a6692b25b8";
    std::vector<std::string> secrets_ = {secret_};
    std::vector<SocketId> others_ = {socket_id, {9, 9}, {55, 66}};
    crypto::HmacSha256 signer_{secret_};
    crypto::HmacSha256 retired_{"retired"};
    json::Parser parser_{8};
};

TEST_F(SignatureDiagnosis, FindsNothingInASignatureOfSomethingElse) {
    EXPECT_EQ(of_channel(sign("other", "1234.1234:presence-foobar")), "");
    EXPECT_EQ(of_channel(sign("other", "x"), "private-x", std::nullopt), "");
    EXPECT_EQ(of_user(sign("other", "x"), "no JSON"), "");
    EXPECT_EQ(of_request({"GET", "/apps/3/channels", "", ""}, "a=b", sign("other", "x")), "");
}

TEST_F(SignatureDiagnosis, KnowsOtherFormats) {
    for (const std::string_view signature : {"", "00", "WOZ0iZnEYHs3YQ9ts1wYzjj7hFcmB1vvT5jBz3EWNn4="})
        EXPECT_EQ(of_channel(signature), "signature_format") << signature;
    EXPECT_EQ(of_channel(std::string(64, 'A')), "signature_format");
}

TEST_F(SignatureDiagnosis, KnowsOtherConnections) {
    for (const std::string id : {"55.66", "9.9", "", "undefined", "null", "None"})
        EXPECT_EQ(of_channel(sign(secret_, id + ":presence-foobar:" + std::string(data))), "wrong_socket_id")
            << id;
    EXPECT_EQ(of_user(sign(secret_, R"(55.66::user::{"id":"1"})"), R"({"id":"1"})"), "wrong_socket_id");
}

TEST_F(SignatureDiagnosis, KnowsOtherNamesOfTheChannel) {
    EXPECT_EQ(of_channel(sign(secret_, "1234.1234:foobar:" + std::string(data))), "wrong_channel");
    EXPECT_EQ(of_channel(sign(secret_, "1234.1234:private-a"), "private-A", std::nullopt), "wrong_channel");
    EXPECT_EQ(of_channel(sign(secret_, "1234.1234:a"), "private-encrypted-a", std::nullopt), "wrong_channel");
}

TEST_F(SignatureDiagnosis, KnowsUnsignedAndChangedData) {
    EXPECT_EQ(of_channel(sign(secret_, "1234.1234:presence-foobar")), "channel_data_not_signed");
    for (const std::string_view signed_data : {R"({"user_id": 11, "user_info": {"url": "a/\u00e9"}})",
                                               R"({"user_id":"11","user_info":{"url":"a\/é"}})"})
        EXPECT_EQ(of_channel(sign(secret_, "1234.1234:presence-foobar:" + std::string(signed_data))),
                  "changed_channel_data")
            << signed_data;
    EXPECT_EQ(of_user(sign(secret_, R"(1234.1234::user::{"id": "1"})"), R"({"id":"1"})"),
              "changed_user_data");
}

TEST_F(SignatureDiagnosis, KnowsOtherSecrets) {
    const std::string text = "1234.1234:presence-foobar:" + std::string(data);
    const std::string get = "GET\n/apps/3/channels\na=b";
    const auto is = [&](std::string_view under, std::string_view code) {
        EXPECT_EQ(of_channel(sign(under, text)), code) << under;
        EXPECT_EQ(of_request({"GET", "/apps/3/channels", "", ""}, "a=b", sign(under, get)), code) << under;
    };
    is("retired", "replaced_secret");
    is(key, "secret_is_key");
    is("", "secret_is_empty");
    for (const std::string& under : {secret_ + "\n", secret_ + "\r\n", " " + secret_, '"' + secret_ + '"'})
        is(under, "secret_has_extra_characters");

    secrets_ = {"'quoted' "};
    signer_ = crypto::HmacSha256(secrets_.front());
    is("'quoted'", "secret_has_extra_characters");
}

TEST_F(SignatureDiagnosis, KnowsOtherPaths) {
    const auto is = [&](const SignedRequest& request, std::string_view signed_path, std::string_view code) {
        EXPECT_EQ(
            of_request(request, "a=b", sign(secret_, "GET\n" + std::string(signed_path) + "\na=b"), "/proxy"),
            code)
            << signed_path;
    };
    is({"GET", "/apps/3/channels", "", "/ws"}, "/ws/apps/3/channels", "path_prefix_removed");
    is({"GET", "/apps/3/channels", "", ""}, "/proxy/apps/3/channels", "path_prefix_removed");
    is({"GET", "/apps/3/channels", "", ""}, "/apps/3/channels/", "path_altered");
    is({"GET", "/apps/3/channels", "", ""}, "//apps/3/channels", "path_altered");
    is({"GET", "/apps/3/channels", "", ""}, "apps/3/channels", "path_altered");
    is({"GET", "/apps/3/channels/", "", ""}, "/apps/3/channels", "path_altered");
    is({"GET", "/a%2520b", "", ""}, "/a b", "path_altered");
}

TEST_F(SignatureDiagnosis, KnowsOtherMethods) {
    EXPECT_EQ(of_request({"GET", "/p", "", ""}, "a=b", sign(secret_, "POST\n/p\na=b")), "method_changed");
    EXPECT_EQ(of_request({"POST", "/p", "", ""}, "a=b", sign(secret_, "post\n/p\na=b")), "method_changed");
}

TEST_F(SignatureDiagnosis, LooksAtThePathWithoutPrefixAsWell) {
    const auto is = [&](std::string_view under, std::string_view text, std::string_view code) {
        EXPECT_EQ(of_request({"GET", "/ws/apps/3/channels", "", "/ws"}, "b=1+2&a=x", sign(under, text)), code)
            << text;
        EXPECT_EQ(of_request({"GET", "/other/apps/3/channels", "", "/ws"}, "b=1+2&a=x", sign(under, text)),
                  "")
            << text;
    };
    is("retired", "GET\n/apps/3/channels\na=x&b=1 2", "replaced_secret");
    is(secret_, "POST\n/apps/3/channels\na=x&b=1 2", "method_changed");
    is(secret_, "GET\n/apps/3/channels\nb=1 2&a=x", "parameters_signed_differently");
    is(secret_, "GET\n/apps/3/channels/\na=x&b=1 2", "path_altered");
}

TEST_F(SignatureDiagnosis, KnowsOtherFormsOfTheQuery) {
    for (const std::string_view query : {"a=x%2Cy&b=1+2", "b=1 2&a=x,y", "b=1+2&a=x%2Cy", "a=x,y&b=1+2"})
        EXPECT_EQ(of_request({"GET", "/p", "", ""}, "b=1+2&a=x%2Cy",
                             sign(secret_, "GET\n/p\n" + std::string(query))),
                  "parameters_signed_differently")
            << query;
    EXPECT_EQ(of_request({"GET", "/p", "", ""}, "Info=x", sign(secret_, "GET\n/p\nInfo=x")),
              "parameters_signed_differently");
}

}  // namespace
}  // namespace parley::pusher
