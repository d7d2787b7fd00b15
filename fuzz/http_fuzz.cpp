// The HTTP request parser, fed whole and in pieces: both must find the same requests or the same refusal.
// What it accepts then goes through the router, and into answers, which must stay well-formed whatever the
// peer sent, and the content codings that the peer names are weighed.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "http/content_coding.hpp"
#include "http/request_parser.hpp"
#include "http/response.hpp"
#include "http/router.hpp"
#include "http/test_support.hpp"

namespace {

using namespace parley;
using namespace parley::http;

Limits tight_limits() {
    Limits limits;
    limits.max_header_size = 256;
    limits.max_request_target = 64;
    limits.max_request_size = 1024;
    return limits;
}

const Router& router() {
    static const Router instance = [] {
        const auto echo = [](const Request& request, const PathParameters& parameters) {
            PARLEY_CHECK(!parameters["id"].empty(), "a named segment is never empty");
            Response response = json_response(200, std::string(request.body));
            response.headers.emplace_back("X-Id", parameters["id"]);
            return response;
        };
        Router made;
        made.add("GET", "/apps/{id}", echo);
        made.add("POST", "/apps/{id}/events", echo);
        return made;
    }();
    return instance;
}

/// What the peer accepts: never more than the weight of what it prefers, and the same in any letter case.
void check_codings(const Request& request) {
    for (const auto& [lower, upper] : {std::pair("br", "BR"), std::pair("gzip", "GZip")}) {
        const auto weight = coding_weight(request, lower);
        PARLEY_CHECK(weight <= coding_weight_max, "a weight has a limit");
        PARLEY_CHECK(weight == coding_weight(request, upper), "codings are told apart without letter case");
    }
    PARLEY_CHECK(coding_weight(request, "identity") <= coding_weight_max, "a weight has a limit");
}

/// Every answer has one blank line before its body, and the lengths fit.
void check_response(const Response& response) {
    const auto frame = encode_response(response, {.date = "now"});
    const auto text = as_text(frame->bytes());
    const auto end = text.find("\r\n\r\n");
    PARLEY_CHECK(end != std::string_view::npos, "the head ends");
    const auto sent = text.substr(end + 4);
    PARLEY_CHECK(sent == (response.status == 204 ? std::string_view() : response.content()),
                 "the body is whole");
    for (std::size_t at = 0; (at = text.substr(0, end).find('\n', at)) != std::string_view::npos; ++at)
        PARLEY_CHECK(text[at - 1] == '\r', "no bare LF in a head");
}

void check_text(std::string_view text) {
    PARLEY_CHECK(percent_decode(text).size() <= text.size(), "decoding never grows");
    PARLEY_CHECK(is_valid_utf8(error_response(400, text).body), "an error is valid JSON text");
}

void describe(std::string& reading, const Request& request, const RequestHead& head) {
    reading.append("\n").append(request.method).append(" ").append(request.target);
    reading.append(" ").append(request.path).append("?").append(request.query);
    reading.append(std::to_string(request.minor_version)).append(head.keep_alive ? "k" : "c");
    reading.append(head.wants_upgrade ? "u" : "-").append(head.expects_continue ? "e" : "-");
    for (const auto& [name, value] : request.headers)
        reading.append("|").append(name).append("=").append(value);
    reading.append("|").append(request.body);
}

/// What the parser makes of `text` when it comes in pieces of `next_size()` bytes.
template <class NextSize>
std::string read(std::string_view text, const Limits& limits, NextSize next_size) {
    std::string reading;
    RequestParser parser(limits);
    Request request;
    while (!text.empty()) {
        const auto piece = text.substr(0, next_size());
        text.remove_prefix(piece.size());
        std::vector<std::uint8_t> bytes(piece.begin(),
                                        piece.end());  // of its own, so that overreading is seen
        for (MutableBytes input(bytes); !input.empty();) {
            const auto before = input.size();
            const auto progress = parser.parse(input, request);
            if (!progress)
                return reading + "\nrefused " + std::to_string(progress.error().status) +
                       progress.error().message;
            PARLEY_CHECK(input.size() < before, "every call takes something");
            if (*progress == RequestParser::Progress::needs_more) continue;
            PARLEY_CHECK(!exceeds(request.body.size(), limits.max_request_size), "no body is too large");
            describe(reading, request, parser.head());
            check_response(http::test::answer_of(router(), request));
            check_text(request.target);
            check_codings(request);
        }
    }
    parser.release();
    return reading + (parser.begun() ? "\nbegun" : "\nidle");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    static const Limits loose;
    static const Limits tight = tight_limits();
    const Limits& limits = (data[0] & 1U) != 0 ? tight : loose;
    std::uint32_t state = data[1] + 1U;  // of a small generator that chooses the cuts
    const auto text = as_text({data + 2, size - 2});

    const auto whole = read(text, limits, [] { return std::string_view::npos; });
    const auto bytewise = read(text, limits, [] { return std::size_t{1}; });
    const auto pieces = read(text, limits, [&state] {
        state = state * 1'664'525U + 1'013'904'223U;
        return std::size_t{1} + (state >> 24U) % 40;
    });
    PARLEY_CHECK(whole == bytewise, "byte by byte the same is read");
    PARLEY_CHECK(whole == pieces, "in pieces the same is read");
    check_text(text);
    return 0;
}
