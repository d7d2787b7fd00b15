#include "http/response.hpp"

#include <string>

#include <gtest/gtest.h>

#include "http/date.hpp"

namespace parley::http {
namespace {

using namespace std::string_literals;

std::string encode(const Response& response, const ResponseFraming& framing = {}) {
    return std::string(as_text(encode_response(response, framing)->bytes()));
}

TEST(EncodeResponse, WritesHeadAndBody) {
    auto response = json_response(200, "{}");
    response.headers.emplace_back("X-One", "1");
    EXPECT_EQ(encode(response, {.date = "now"}),
              "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: application/json\r\nContent-Length: 2\r\nX-One: "
              "1\r\n\r\n{}");
}

TEST(EncodeResponse, AnnouncesTheLengthAlsoOfNothing) {
    EXPECT_EQ(encode({.status = 404}), "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
}

TEST(EncodeResponse, LeavesTheBodyOfAHeadAway) {
    EXPECT_EQ(encode(json_response(200, "{}"), {.head_only = true}),
              "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n");
}

TEST(EncodeResponse, GivesNeitherBodyNorLengthWhereNoneMayBe) {
    EXPECT_EQ(encode(json_response(204, "{}")), "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(encode(json_response(304, "{}")), "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST(EncodeResponse, SaysWhetherTheConnectionGoesOn) {
    const auto connection = [](bool close, bool keep_alive, int minor_version) {
        Response response;
        response.close = close;
        const auto text = encode(response, {.minor_version = minor_version, .keep_alive = keep_alive});
        const auto at = text.find("Connection: ");
        return at == std::string::npos ? "" : text.substr(at + 12, text.find('\r', at) - at - 12);
    };
    EXPECT_EQ(connection(false, true, 1), "");
    EXPECT_EQ(connection(false, true, 0), "keep-alive");
    EXPECT_EQ(connection(false, false, 1), "close");
    EXPECT_EQ(connection(false, false, 0), "close");
    EXPECT_EQ(connection(true, true, 1), "close");
    EXPECT_EQ(connection(true, true, 0), "close");
}

TEST(EncodeResponse, TellsHowLongAConnectionThatGoesOnIsKept) {
    const ResponseFraming kept{.keep_alive_timeout = 75};
    const auto fields = "Connection: keep-alive\r\nKeep-Alive: timeout=75\r\n\r\n"s;
    EXPECT_EQ(encode({.status = 204}, kept), "HTTP/1.1 204 No Content\r\n" + fields);
    EXPECT_EQ(encode({.status = 204}, {.minor_version = 0, .keep_alive_timeout = 75}),
              "HTTP/1.1 204 No Content\r\n" + fields);
    EXPECT_EQ(encode({.status = 204, .close = true}, kept),
              "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
}

TEST(EncodeResponse, LetsNoValueEndItsLine) {
    Response response;
    response.content_type = "a\r\nb";
    response.headers.emplace_back("Location", "/x\r\nSet-Cookie: a"s + '\0' + "\tb");
    EXPECT_EQ(encode(response),
              "HTTP/1.1 200 OK\r\nContent-Type: a  b\r\nContent-Length: 0\r\nLocation: /x  Set-Cookie: a "
              "\tb\r\n\r\n");
}

TEST(EncodeResponse, SendsAStaticBodyInsteadOfAnOwnOne) {
    Response response;
    response.body = "own";
    response.static_body = "static";
    EXPECT_EQ(encode(response), "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstatic");
}

TEST(EncodeResponse, NamesTheStatus) {
    const auto first_line = [](int status) {
        Response response;
        response.status = status;
        const auto text = encode(response);
        return text.substr(0, text.find("\r\n"));
    };
    EXPECT_EQ(first_line(200), "HTTP/1.1 200 OK");
    for (const int status :
         {200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409,
          410, 411, 412, 413, 414, 415, 416, 417, 422, 426, 428, 429, 431, 500, 501, 502, 503, 504, 505})
        EXPECT_EQ(first_line(status).find("Unknown"), std::string::npos) << status;
    EXPECT_EQ(first_line(422), "HTTP/1.1 422 Unprocessable Content");
    EXPECT_EQ(first_line(431), "HTTP/1.1 431 Request Header Fields Too Large");
    EXPECT_EQ(first_line(505), "HTTP/1.1 505 HTTP Version Not Supported");
    for (const int status : {199, 299, 432, 506})
        EXPECT_EQ(first_line(status), "HTTP/1.1 " + std::to_string(status) + " Unknown");
}

TEST(ErrorResponse, CarriesMessageAndCode) {
    const auto response = error_response(400, "a \"b\"");
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_EQ(response.body, R"({"error":"a \"b\"","code":400})");
}

TEST(ErrorResponse, ReplacesWhatIsNoUtf8) {
    const auto error = [](std::string_view message) {
        const auto body = error_response(400, message).body;
        return body.substr(10, body.size() - 10 - 13);
    };
    EXPECT_EQ(error("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
    EXPECT_EQ(error("a\xff\xc3\xbc\xc3"), "a\xef\xbf\xbd\xc3\xbc\xef\xbf\xbd");
    EXPECT_EQ(error("\xf0\x9f\x98\x80\xf0\x9f"), "\xf0\x9f\x98\x80\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(FormatDate, IsTheOneOfTheStandard) {
    EXPECT_EQ(format_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(format_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace parley::http
