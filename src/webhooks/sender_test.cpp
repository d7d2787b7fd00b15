#include "webhooks/sender.hpp"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "webhooks/http_stub.hpp"

namespace parley::webhooks {

namespace {

using testing::AnyOf;
using testing::HasSubstr;

/// Sends one post and waits for what comes of it.
Answer send_and_wait(Sender& sender, Post post) {
    std::optional<Answer> answer;
    sender.send(std::move(post), [&](const Answer& given) { answer = given; });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!answer && std::chrono::steady_clock::now() < deadline) sender.work(100);
    EXPECT_EQ(sender.running(), 0U);
    return answer.value();
}

TEST(Sender, SendsWhatItIsGiven) {
    test::HttpStub stub;
    Sender sender({});
    const std::string body(2'000'000, 'x');
    const auto answer = send_and_wait(
        sender, {.url = stub.url(), .header_lines = {"X-Pusher-Key: k", "X-Empty;"}, .body = body});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.error, "");
    const auto request = stub.wait_for(1).at(0);
    EXPECT_TRUE(request.starts_with("POST /hooks HTTP/1.1\r\n")) << request.substr(0, 100);
    const auto head = request.substr(0, request.find("\r\n\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nX-Pusher-Key: k"));
    EXPECT_THAT(head, HasSubstr("\r\nX-Empty:"));
    EXPECT_THAT(head, testing::Not(HasSubstr("Expect")));
    EXPECT_EQ(request.substr(head.size() + 4), body);
}

TEST(Sender, TakesOnlySuccessForSuccess) {
    const struct {
        const char* answer;
        int status;
        const char* error;
    } rows[] = {
        {"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", 204, ""},
        {"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: "
         "close\r\n\r\n",
         302, "The answer was 302; redirects are not followed."},
        {"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno", 500, "The answer was 500."},
        {"HTTP/1.1 404 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 404, "The answer was 404."},
    };
    for (const auto& row : rows) {
        test::HttpStub stub(row.answer);
        Sender sender({});
        const auto answer = send_and_wait(sender, {.url = stub.url(), .body = "{}"});
        EXPECT_EQ(answer.status, row.status);
        EXPECT_EQ(answer.error, row.error);
        EXPECT_EQ(stub.wait_for(1).size(), 1U);
    }
}

TEST(Sender, ALongAnswerIsNotReadAndCountsByItsStatus) {
    test::HttpStub stub("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\n" +
                        std::string(1'000'000, 'x'));
    Sender sender({});
    const auto answer = send_and_wait(sender, {.url = stub.url(), .body = "{}"});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.error, "");
}

TEST(Sender, SaysWhyNothingCame) {
    Sender sender({.timeout_ms = 20'000});
    const auto refused = send_and_wait(sender, {.url = "http://127.0.0.1:1/", .body = "{}"});
    EXPECT_EQ(refused.status, 0);
    EXPECT_THAT(refused.error, HasSubstr("127.0.0.1"));
    const auto scheme = send_and_wait(sender, {.url = "file:///etc/passwd", .body = "{}"});
    EXPECT_THAT(scheme.error, HasSubstr("file"));

    test::HttpStub silent("");
    const auto nothing = send_and_wait(sender, {.url = silent.url(), .body = "{}"});
    EXPECT_EQ(nothing.status, 0);
    EXPECT_NE(nothing.error, "");
}

TEST(Sender, GivesUpWhoDoesNotAnswerInTime) {
    // Nobody accepts here, but the system takes connections all the same.
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(bind(listener, generic, size), 0);
    ASSERT_EQ(listen(listener, 8), 0);
    ASSERT_EQ(getsockname(listener, generic, &size), 0);
    Sender sender({.timeout_ms = 500});
    const auto answer = send_and_wait(
        sender, {.url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)), .body = "{}"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.error, AnyOf(HasSubstr("timed out"), HasSubstr("timeout")));
    close(listener);
}

TEST(Sender, RefusesPrivateAddressesWhereTheyAreForbidden) {
    test::HttpStub stub;
    Sender sender({.addresses = Addresses::only_public});
    const auto answer = send_and_wait(sender, {.url = stub.url(), .body = "{}"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.error, HasSubstr("webhooks.forbid_private_addresses"));
}

TEST(Sender, RefusesAPrivateAddressThatItIsStillConnectedTo) {
    test::HttpStub stub("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", test::HttpStub::Connections::stay);
    Sender sender({});
    EXPECT_EQ(send_and_wait(sender, {.url = stub.url(), .body = "{}"}).status, 200);
    sender.set_options({.addresses = Addresses::only_public});
    const auto answer = send_and_wait(sender, {.url = stub.url(), .body = "{}"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.error, HasSubstr("webhooks.forbid_private_addresses"));
    EXPECT_EQ(stub.wait_for(1).size(), 1U);
    sender.set_options({});
    EXPECT_EQ(send_and_wait(sender, {.url = stub.url(), .body = "{}"}).status, 200);
}

TEST(Sender, WakingEndsAWait) {
    Sender sender({});
    std::thread other([&] { sender.wake(); });
    sender.work(60'000);
    other.join();
}

}  // namespace

}  // namespace parley::webhooks
