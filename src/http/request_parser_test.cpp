#include "http/request_parser.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace parley::http {
namespace {

const Limits default_limits;

/// Everything that came out of a stream of bytes, as text, so that two readings can be compared.
struct Reading {
    std::vector<std::string> requests;
    std::string error;
    bool begun = false;

    bool operator==(const Reading&) const = default;
};

std::string describe(const Request& request, const RequestHead& head) {
    std::string text(request.method);
    text.append(" ").append(request.path).append("?").append(request.query);
    for (const auto& [name, value] : request.headers) text.append("|").append(name).append("=").append(value);
    text.append(head.keep_alive ? "|" : "|close|").append(request.body);
    return text;
}

/// Reads `text` cut at `cuts`, which ascend.
Reading read(std::string_view text, const std::vector<std::size_t>& cuts,
             const Limits& limits = default_limits) {
    Reading reading;
    RequestParser parser(limits);
    Request request;
    for (std::size_t piece = 0; piece <= cuts.size(); ++piece) {
        const auto from = piece == 0 ? 0 : cuts[piece - 1];
        const auto to = piece == cuts.size() ? text.size() : cuts[piece];
        // A heap block of its own, so that reading past it or after it is seen.
        std::vector<std::uint8_t> bytes(text.begin() + static_cast<std::ptrdiff_t>(from),
                                        text.begin() + static_cast<std::ptrdiff_t>(to));
        for (MutableBytes input(bytes); !input.empty();) {
            const auto progress = parser.parse(input, request);
            if (!progress) {
                reading.error = std::to_string(progress.error().status) + " " + progress.error().message;
                return reading;
            }
            if (*progress == RequestParser::Progress::complete)
                reading.requests.push_back(describe(request, parser.head()));
        }
    }
    parser.release();
    reading.begun = parser.begun();
    return reading;
}

void expect_equal_at_every_split(const std::string& text, const Reading& expected,
                                 const Limits& limits = default_limits) {
    EXPECT_EQ(read(text, {}, limits), expected);
    std::vector<std::size_t> everywhere;
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        EXPECT_EQ(read(text, {cut}, limits), expected) << "cut at " << cut;
        everywhere.push_back(cut);
    }
    EXPECT_EQ(read(text, everywhere, limits), expected) << "byte by byte";
}

TEST(RequestParser, ReadsPipelinedRequestsAtEverySplit) {
    const std::string text =
        "POST /a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
        "GET /d HTTP/1.1\r\nHost: h\r\n\r\n"
        "\r\nPOST /e HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
        "chunked\r\n\r\n3;x\r\nabc\r\n4\r\ndefg\r\n0\r\nT: t\r\n\r\n"
        "GET /f HTTP/1.0\r\n\r\n";
    expect_equal_at_every_split(text,
                                {{"POST /a?b=c|Host=h|Content-Length=5|hello", "GET /d?|Host=h|",
                                  "POST /e?|Host=h|Transfer-Encoding=chunked|abcdefg", "GET /f?|close|"},
                                 "",
                                 false});
}

TEST(RequestParser, WaitsForTheRestOfEveryPrefix) {
    for (const std::string text :
         {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
          "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"}) {
        for (std::size_t size = 1; size < text.size(); ++size)
            EXPECT_EQ(read(text.substr(0, size), {}), (Reading{{}, "", true})) << size;
    }
}

TEST(RequestParser, ReadsAWholeRequestWhereItLies) {
    std::string text =
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\nGET";
    const auto begin = text.data();
    const auto end = text.data() + text.size();
    MutableBytes input(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
    RequestParser parser(default_limits);
    Request request;
    ASSERT_EQ(parser.parse(input, request), RequestParser::Progress::complete);
    EXPECT_EQ(request.body, "ab");
    EXPECT_TRUE(request.body.data() > begin && request.body.data() < end);
    EXPECT_EQ(request.method.data(), begin);
    EXPECT_EQ(as_text(input), "GET");
}

TEST(RequestParser, SkipsAFewEmptyLines) {
    expect_equal_at_every_split("\r\n\r\nGET / HTTP/1.0\r\n\r\n\r\n", {{"GET /?|close|"}, "", false});
    expect_equal_at_every_split("\r\n\r\n\r\nGET / HTTP/1.0\r\n\r\n",
                                {{}, "400 Empty lines stand before the request line.", false});
    expect_equal_at_every_split("\rGET / HTTP/1.0\r\n\r\n",
                                {{}, "400 A CR without LF stands before the request line.", false});
}

TEST(RequestParser, RefusesWhatIsNotHttpAtItsFirstByte) {
    EXPECT_EQ(read("\x16\x03\x01", {}).error, "400 This is not HTTP: no method begins with this byte.");
    EXPECT_EQ(read("\n", {}).error, "400 This is not HTTP: no method begins with this byte.");
}

TEST(RequestParser, RefusesTheSameAtEverySplit) {
    Limits tight;
    tight.max_header_size = 256;
    tight.max_request_target = 64;
    tight.max_request_size = 1024;
    const std::string good = "GET /good HTTP/1.1\r\nHost: h\r\n\r\n";
    const std::string chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const auto& bad : {
             std::string("GET / HTTP/1.1\nHost: h\r\n\r\n"),
             std::string("GET / HTTP/9.9\r\nHost: h\r\n\r\n"),
             "GET /" + std::string(64, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET /" + std::string(300, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n",
             "GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(300, 'a') + "\r\n\r\n",
             "GET / HTTP/9.9\r\nHost: h\r\nA: " + std::string(300, 'a') + "\r\n\r\n",
             std::string("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1025\r\n\r\n"),
             chunked + "401\r\n",
             chunked + "1\r\nab",
             chunked + "1;" + std::string(300, 'e') + "\r\n",
         }) {
        const auto expected = read(good + bad, {}, tight);
        EXPECT_EQ(expected.requests.size(), 1U);
        EXPECT_FALSE(expected.error.empty()) << bad;
        expect_equal_at_every_split(good + bad, expected, tight);
    }
}

TEST(RequestParser, AcceptsAHeadAndABodyAtTheirLimits) {
    Limits tight;
    tight.max_header_size = 256;
    tight.max_request_size = 1024;
    std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1024\r\nA: ";
    head += std::string(256 - head.size() - 4, 'v') + "\r\n\r\n";
    ASSERT_EQ(head.size(), 256U);
    const std::string body(1024, 'b');
    for (const std::size_t cut : {1U, 100U, 255U, 256U, 257U, 1279U}) {
        const auto reading = read(head + body + "GET", {cut}, tight);
        ASSERT_EQ(reading.requests.size(), 1U) << cut << reading.error;
        EXPECT_TRUE(reading.requests[0].ends_with("|" + body)) << cut;
        EXPECT_TRUE(reading.begun) << cut;
    }
}

TEST(RequestParser, GoesByALimitThatIsLoweredWhileARequestArrives) {
    const auto refusal_of = [](std::string begun, std::string rest, Limits lowered) {
        Limits limits;
        RequestParser parser(limits);
        Request request;
        MutableBytes input(reinterpret_cast<std::uint8_t*>(begun.data()), begun.size());
        EXPECT_EQ(parser.parse(input, request), RequestParser::Progress::needs_more);
        limits = lowered;
        input = {reinterpret_cast<std::uint8_t*>(rest.data()), rest.size()};
        const auto progress = parser.parse(input, request);
        return progress ? 0 : progress.error().status;
    };
    const auto head = "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(500, 'x');
    EXPECT_EQ(refusal_of(head, "\r\n\r\n", {.max_header_size = 300}), 431);
    const auto chunk = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1f4\r\n" +
                       std::string(500, 'x') + "\r\n";
    EXPECT_EQ(refusal_of(chunk, "1\r\n", {.max_request_size = 300}), 413);
}

TEST(RequestParser, TellsOnceThatThePeerWaitsForContinue) {
    const std::string head =
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    const auto asked_after = [](std::string text, std::size_t cut) {
        RequestParser parser(default_limits);
        Request request;
        std::string asked;
        const std::string rest = text.substr(cut);
        for (auto piece : {text.substr(0, cut), rest}) {
            MutableBytes input(reinterpret_cast<std::uint8_t*>(piece.data()), piece.size());
            EXPECT_TRUE(input.empty() || parser.parse(input, request));
            asked += parser.take_continue_wanted() ? "yes" : "no";
            EXPECT_FALSE(parser.take_continue_wanted());
            asked += ' ';
        }
        return asked;
    };
    EXPECT_EQ(asked_after(head + "ab", head.size()), "yes no ");
    EXPECT_EQ(asked_after(head, 10), "no yes ");
    EXPECT_EQ(asked_after(head + "ab", head.size() + 1), "no no ") << "the body comes anyway";
    EXPECT_EQ(asked_after(head + "ab", head.size() + 2), "no no ");
    EXPECT_EQ(asked_after("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n", 5), "no no ")
        << "no body is awaited";
}

TEST(RequestParser, KeepsNothingOfACompleteRequest) {
    std::string text = "GET / HTTP/1.0\r\n\r\n";
    RequestParser parser(default_limits);
    Request request;
    for (auto& c : text) {
        MutableBytes input(reinterpret_cast<std::uint8_t*>(&c), 1);
        ASSERT_TRUE(parser.parse(input, request));
    }
    EXPECT_FALSE(parser.begun());
    parser.release();
    EXPECT_FALSE(parser.begun());
}

}  // namespace
}  // namespace parley::http
