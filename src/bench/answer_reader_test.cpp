#include "bench/answer_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::bench {
namespace {

using testing::HasSubstr;

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nX: y\r\n\r\n{}";

TEST(ReadAnswer, WaitsAtEverySplit) {
    for (std::size_t size = 0; size < ok.size(); ++size)
        EXPECT_FALSE(read_answer(ok.substr(0, size)).value()) << size;
    const auto input = std::string(ok) + "HTTP/1.1 4";
    const auto answer = read_answer(input).value();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "{}");
    EXPECT_EQ(answer->bytes, ok.size());
    EXPECT_FALSE(answer->closes);
}

TEST(ReadAnswer, KnowsAnswersWithoutABody) {
    const auto answer = read_answer("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").value();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "");
    EXPECT_TRUE(answer->closes);
}

TEST(ReadAnswer, RefusesWhatItDoesNotRead) {
    for (const auto* text : {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"})
        EXPECT_FALSE(read_answer(text)) << text;
    EXPECT_FALSE(read_answer(std::string(100'000, 'x')));
}

TEST(ReadAnswer, SaysWhatWasRefused) {
    EXPECT_EQ(refusal_sentence({.status = 401, .body = "no\nsuch key"}), "the server answered 401: no");
    EXPECT_EQ(refusal_sentence({.status = 500}), "the server answered 500");
    EXPECT_LT(refusal_sentence({.status = 500, .body = ok}).size(), 500U);
}

}  // namespace
}  // namespace parley::bench
