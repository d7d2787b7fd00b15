#include "http/request_head.hpp"

#include <string>

#include <gtest/gtest.h>

namespace parley::http {
namespace {

using namespace std::string_literals;

const Limits limits;

int status_of(const std::string& head, const Limits& with = limits) {
    Request request;
    const auto end = find_head_end(head, 0, with);
    if (!end) return end.error().status;
    if (!*end) return 0;
    const auto parsed = parse_request_head(std::string_view(head).substr(0, **end), with, request);
    if (!parsed) return parsed.error().status;
    const auto fits = check_content_length(*parsed, gathered_body_limit(with));
    return fits ? 200 : fits.error().status;
}

/// `request` borrows from `head`.
RequestHead parse(std::string_view head, Request& request) {
    const auto parsed = parse_request_head(head, limits, request);
    EXPECT_TRUE(parsed) << head << parsed.error().message;
    return parsed.value_or(RequestHead{});
}

TEST(ParseRequestHead, ReadsEveryPart) {
    Request request;
    const std::string text =
        "POST /apps/3/events?auth_key=k&a=b?c HTTP/1.1\r\nHost: h:6001\r\nX-Empty:\r\nX-Space: \t a b \t\r\n"
        "content-length: 0005\r\n\r\n";
    const auto head = parse(text, request);
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/apps/3/events?auth_key=k&a=b?c");
    EXPECT_EQ(request.path, "/apps/3/events");
    EXPECT_EQ(request.query, "auth_key=k&a=b?c");
    EXPECT_EQ(request.minor_version, 1);
    ASSERT_EQ(request.headers.size(), 4U);
    EXPECT_EQ(request.headers[1].value, "");
    EXPECT_EQ(request.headers[2].value, "a b");
    EXPECT_EQ(head.framing, BodyFraming::length);
    EXPECT_EQ(head.content_length, 5U);
    EXPECT_TRUE(head.keep_alive);
}

TEST(ParseRequestHead, ForgetsTheRequestBefore) {
    Request request;
    static_cast<void>(parse("GET /a?b HTTP/1.0\r\nX: y\r\n\r\n", request));
    static_cast<void>(parse("GET /c HTTP/1.1\r\nHost: h\r\n\r\n", request));
    EXPECT_EQ(request.path, "/c");
    EXPECT_EQ(request.query, "");
    EXPECT_EQ(request.headers.size(), 1U);
    EXPECT_EQ(request.minor_version, 1);
}

TEST(ParseRequestHead, ReducesTargetsToPathAndQuery) {
    struct Case {
        const char* method;
        const char* target;
        const char* path;
        const char* query;
    };
    for (const auto& [method, target, path, query] : {
             Case{"GET", "/", "/", ""},
             Case{"GET", "/?", "/", ""},
             Case{"GET", "//a//b", "//a//b", ""},
             Case{"GET", "/a%2Fb?x=%20", "/a%2Fb", "x=%20"},
             Case{"GET", "http://host/p?q", "/p", "q"},
             Case{"GET", "HTTPS://host:1/p", "/p", ""},
             Case{"GET", "http://host", "/", ""},
             Case{"GET", "http://host?q", "/", "q"},
             Case{"OPTIONS", "*", "*", ""},
         }) {
        Request request;
        const auto text = std::string(method) + " " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
        static_cast<void>(parse(text, request));
        EXPECT_EQ(request.target, target);
        EXPECT_EQ(request.path, path) << target;
        EXPECT_EQ(request.query, query) << target;
    }
}

TEST(ParseRequestHead, TellsWhetherTheConnectionGoesOn) {
    struct Case {
        const char* name;
        const char* version;
        const char* fields;
        bool keep_alive;
        bool upgrade;
    };
    for (const auto& [name, version, fields, keep_alive, upgrade] : {
             Case{"1.1", "1", "", true, false},
             Case{"1.1 close", "1", "Connection: x, CLOSE\r\n", false, false},
             Case{"1.1 close wins", "1", "Connection: close\r\nConnection: keep-alive\r\n", false, false},
             Case{"1.0", "0", "", false, false},
             Case{"1.0 keep-alive", "0", "Connection: Keep-Alive\r\n", true, false},
             Case{"upgrade", "1", "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n", true, true},
             Case{"upgrade without connection", "1", "Upgrade: websocket\r\n", true, false},
             Case{"connection without upgrade", "1", "Connection: upgrade\r\n", true, false},
             Case{"1.0 cannot upgrade", "0", "Connection: upgrade\r\nUpgrade: websocket\r\n", false, false},
         }) {
        Request request;
        const auto head = parse("GET / HTTP/1."s + version + "\r\nHost: h\r\n" + fields + "\r\n", request);
        EXPECT_EQ(head.keep_alive, keep_alive) << name;
        EXPECT_EQ(head.wants_upgrade, upgrade) << name;
    }
}

TEST(ParseRequestHead, TellsHowTheBodyIsFramed) {
    Request request;
    EXPECT_EQ(parse("POST / HTTP/1.1\r\nHost: h\r\n\r\n", request).framing, BodyFraming::none);
    EXPECT_EQ(parse("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: ,Chunked ,\r\n\r\n", request).framing,
              BodyFraming::chunked);
    const auto twice =
        parse("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\nContent-Length: 7\r\n\r\n", request);
    EXPECT_EQ(twice.content_length, 7U);
    EXPECT_TRUE(
        parse("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\n\r\n", request).expects_continue);
    EXPECT_FALSE(parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n", request).expects_continue);
}

TEST(ParseRequestHead, RefusesWhatIsNotAsItMustBe) {
    struct Case {
        const char* name;
        int status;
        std::string head;
    };
    const auto with = [](const std::string& fields) {
        return "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
    };
    const auto line = [](const std::string& request_line) { return request_line + "\r\nHost: h\r\n\r\n"; };
    const std::vector<Case> cases = {
        {"the empty request", 200, with("")},
        {"no spaces", 400, line("GET")},
        {"no version", 400, line("GET /")},
        {"no target", 400, line("GET  HTTP/1.1")},
        {"two spaces before the target", 400, line("GET  / HTTP/1.1")},
        {"two spaces behind the target", 400, line("GET /  HTTP/1.1")},
        {"a space in the target", 400, line("GET /a b HTTP/1.1")},
        {"a tab between the parts", 400, line("GET\t/\tHTTP/1.1")},
        {"a space behind the version", 400, line("GET / HTTP/1.1 ")},
        {"a method that is no token", 400, line("G@T / HTTP/1.1")},
        {"a control character in the target", 400, line("GET /\x01 HTTP/1.1")},
        {"a NUL in the target", 400, line("GET /"s + '\0' + " HTTP/1.1")},
        {"a DEL in the target", 400, line("GET /\x7f HTTP/1.1")},
        {"a bare CR in the target", 400, line("GET /\r HTTP/1.1")},
        {"bytes above ASCII in the target", 400, line("GET /\xc3\xbc HTTP/1.1")},
        {"a relative target", 400, line("GET a HTTP/1.1")},
        {"an authority as target", 400, line("CONNECT host:80 HTTP/1.1")},
        {"an unknown scheme", 400, line("GET ftp://h/ HTTP/1.1")},
        {"a URL without a host", 400, line("GET http:///p HTTP/1.1")},
        {"* of another method than OPTIONS", 400, line("GET * HTTP/1.1")},
        {"HTTP/0.9", 400, line("GET / ")},
        {"HTTP/2.0", 505, line("PRI * HTTP/2.0")},
        {"HTTP/1.2", 505, line("GET / HTTP/1.2")},
        {"HTTP/3", 400, line("GET / HTTP/3")},
        {"HTTP/1.10", 400, line("GET / HTTP/1.10")},
        {"a lower-case version", 400, line("GET / http/1.1")},
        {"a bare LF behind the request line", 400, "GET / HTTP/1.1\nHost: h\r\n\r\n"},
        {"a bare LF behind a field", 400, with("A: b\nC: d\r\n")},
        {"bare LFs only", 400, "GET / HTTP/1.1\nHost: h\n\n"},
        {"a bare CR in a value", 400, with("A: b\rC: d\r\n")},
        {"CR CR LF", 400, with("A: b\r\r\n")},
        {"a NUL in a value", 400, with("A: b"s + '\0' + "c\r\n")},
        {"a control character in a value", 400, with("A: \x0b\r\n")},
        {"bytes above ASCII in a value", 200, with("A: \xc3\xbc\r\n")},
        {"a folded field", 400, with("A: b\r\n c\r\n")},
        {"a space before the first field", 400, "GET / HTTP/1.1\r\n Host: h\r\n\r\n"},
        {"a space before the colon", 400, with("A : b\r\n")},
        {"a tab before the colon", 400, with("Content-Length\t: 5\r\n")},
        {"an empty name", 400, with(": b\r\n")},
        {"no colon", 400, with("A\r\n")},
        {"a control character in a name", 400, with("A\x01: b\r\n")},
        {"no Host", 400, "GET / HTTP/1.1\r\n\r\n"},
        {"no Host in 1.0", 200, "GET / HTTP/1.0\r\n\r\n"},
        {"an empty Host", 200, "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
        {"an address as Host", 200, "GET / HTTP/1.1\r\nHost: [::1]:6001\r\n\r\n"},
        {"two Hosts", 400, with("host: h\r\n")},
        {"two Hosts in one", 400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
        {"a path in Host", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
        {"a length and a coding", 400, with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
        {"a coding and a length", 400, with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")},
        {"two lengths", 400, with("Content-Length: 5\r\nContent-Length: 6\r\n")},
        {"a list of lengths", 400, with("Content-Length: 5, 5\r\n")},
        {"an empty length", 400, with("Content-Length:\r\n")},
        {"a signed length", 400, with("Content-Length: +5\r\n")},
        {"a negative length", 400, with("Content-Length: -5\r\n")},
        {"a hexadecimal length", 400, with("Content-Length: 0x5\r\n")},
        {"a fraction as length", 400, with("Content-Length: 5.0\r\n")},
        {"a length beyond 64 bits", 413, with("Content-Length: 99999999999999999999999\r\n")},
        {"an unknown coding", 501, with("Transfer-Encoding: gzip, chunked\r\n")},
        {"identity", 501, with("Transfer-Encoding: identity\r\n")},
        {"xchunked", 501, with("Transfer-Encoding: xchunked\r\n")},
        {"chunked with a vertical tab", 400,
         with("Transfer-Encoding: \x0b"
              "chunked\r\n")},
        {"chunked twice", 400, with("Transfer-Encoding: chunked, chunked\r\n")},
        {"chunked twice in two fields", 400,
         with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
        {"an empty coding", 400, with("Transfer-Encoding:\r\n")},
        {"a coding in 1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {"an unknown expectation", 417, with("Expect: coffee\r\n")},
        {"an unknown expectation among known ones", 417, with("Expect: 100-continue\r\nExpect: 200-ok\r\n")},
        {"an unknown expectation in 1.0", 200, "GET / HTTP/1.0\r\nExpect: coffee\r\n\r\n"},
    };
    for (const auto& [name, status, head] : cases) EXPECT_EQ(status_of(head), status) << name;
}

std::string get(std::size_t target_size, const std::string& fields = "") {
    return "GET /" + std::string(target_size - 1, 'a') + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

TEST(ParseRequestHead, LimitsTheTarget) {
    Limits tight;
    tight.max_request_target = 64;
    EXPECT_EQ(status_of(get(64), tight), 200);
    EXPECT_EQ(status_of(get(65), tight), 414);
}

TEST(ParseRequestHead, LimitsTheHead) {
    Limits tight;
    tight.max_header_size = 256;
    const auto of_size = [](std::size_t size) {
        const auto without = get(1, "A: \r\n").size();
        return get(1, "A: " + std::string(size - without, 'v') + "\r\n");
    };
    ASSERT_EQ(of_size(256).size(), 256U);
    EXPECT_EQ(status_of(of_size(256), tight), 200);
    EXPECT_EQ(status_of(of_size(257), tight), 431);
    EXPECT_EQ(status_of(of_size(257).substr(0, 256), tight), 431) << "as soon as it cannot end in time";
    EXPECT_EQ(status_of(get(300), tight), 414) << "within the request line it is the target that is too long";
    EXPECT_EQ(status_of(std::string(300, 'G'), tight), 400) << "not even a method ends";
}

TEST(ParseRequestHead, LimitsTheNumberOfFields) {
    std::string fields;
    for (std::size_t i = 1; i < header_fields_max; ++i) fields += "A:\r\n";
    EXPECT_EQ(status_of(get(1, fields)), 200);
    EXPECT_EQ(status_of(get(1, fields + "A:\r\n")), 431);
}

TEST(ParseRequestHead, LimitsTheAnnouncedBody) {
    Limits tight;
    tight.max_request_size = 1024;
    const auto announcing = [](const char* length) {
        return "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: "s + length + "\r\n\r\n";
    };
    EXPECT_EQ(status_of(announcing("1024"), tight), 200);
    EXPECT_EQ(status_of(announcing("1025"), tight), 413);
}

TEST(ParseRequestHead, NamesTheLimitInTheRefusal) {
    Request request;
    Limits tight;
    tight.max_request_size = 1024;
    const auto head = parse("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1025\r\n\r\n", request);
    const auto refused = check_content_length(head, gathered_body_limit(tight));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "The request body has 1025 bytes, more than 1024 (limits.max_request_size).");
    EXPECT_EQ(check_content_length(head, {.bytes_max = 1024}).error().message,
              "The request body has 1025 bytes, more than 1024.");
    EXPECT_TRUE(check_content_length(head, {.bytes_max = 1025}));
    EXPECT_EQ(refuse_long_body({.bytes_max = 7, .setting = "limits.x"}).value().message,
              "The request body has more than 7 bytes (limits.x).");
}

TEST(FindHeadEnd, FindsTheSameEndWhereverTheSearchStopped) {
    const std::string text = "GET / HTTP/1.1\r\nHost: h\r\n\r\nbody\r\n\r\n";
    const auto whole = find_head_end(text, 0, limits);
    ASSERT_TRUE(whole && *whole);
    const auto end = **whole;
    EXPECT_EQ(end, text.find("body"));
    for (std::size_t searched = 0; searched < end; ++searched) {
        const auto first = find_head_end(std::string_view(text).substr(0, searched), 0, limits);
        ASSERT_TRUE(first);
        EXPECT_FALSE(*first) << searched;
        EXPECT_EQ(find_head_end(text, searched, limits).value(), end) << searched;
    }
}

TEST(MayBeginRequest, TellsTextFromATlsHandshake) {
    EXPECT_TRUE(may_begin_request('G'));
    EXPECT_FALSE(may_begin_request('\x16'));
    EXPECT_FALSE(may_begin_request(' '));
    EXPECT_FALSE(may_begin_request('\xff'));
}

}  // namespace
}  // namespace parley::http
