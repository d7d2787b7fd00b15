#include "http/response.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace parley::http {

namespace {

/// The final codes of RFC 9110, section 15, and RFC 6585, ascending; without those that are unused.
constexpr auto reasons = std::to_array<std::pair<int, std::string_view>>({
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
});

std::string_view reason_phrase(int status) {
    const auto found =
        std::ranges::lower_bound(reasons, status, {}, &std::pair<int, std::string_view>::first);
    return found != reasons.end() && found->first == status ? found->second : "Unknown";
}

using Head = fmt::memory_buffer;

void append(Head& head, std::string_view text) { head.append(text.data(), text.data() + text.size()); }

/// Neither name nor value can end its line: a peer's bytes in it must not begin another field.
void append_field(Head& head, std::string_view name, std::string_view value) {
    const auto append_clean = [&head](std::string_view text) {
        for (const char c : text) {
            const bool control = (static_cast<std::uint8_t>(c) < 0x20 && c != '\t') || c == 0x7f;
            head.push_back(control ? ' ' : c);
        }
    };
    append_clean(name);
    append(head, ": ");
    append_clean(value);
    append(head, "\r\n");
}

void append_connection_fields(Head& head, const Response& response, const ResponseFraming& framing) {
    if (response.close || !framing.keep_alive) return append(head, "Connection: close\r\n");
    const bool tells_timeout = framing.keep_alive_timeout > 0;
    if (tells_timeout || framing.minor_version == 0) append(head, "Connection: keep-alive\r\n");
    if (tells_timeout) {
        fmt::format_to(std::back_inserter(head), "Keep-Alive: timeout={}\r\n", framing.keep_alive_timeout);
    }
}

/// RFC 9110, sections 8.6 and 15: these have neither a body nor a length.
bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

Response json_response(int status, std::string body) {
    Response response;
    response.status = status;
    response.content_type = "application/json";
    response.body = std::move(body);
    return response;
}

Response error_response(int status, std::string_view message) {
    std::string body = R"({"error":)";
    append_json_string(body, with_valid_utf8(message));
    body += fmt::format(R"(,"code":{}}})", status);
    return json_response(status, std::move(body));
}

bool has_body_to_stream(const Response& response, const ResponseFraming& framing) {
    return response.source != nullptr && response.source_bytes > 0 && !framing.head_only &&
           may_have_body(response.status);
}

net::SharedFrame encode_response(const Response& response, const ResponseFraming& framing) {
    const bool has_body = may_have_body(response.status);
    const bool streamed = response.source != nullptr;
    const auto content = has_body && !streamed ? response.content() : std::string_view();
    const std::uint64_t content_bytes = streamed ? response.source_bytes : content.size();
    Head head;
    fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\n", response.status,
                   reason_phrase(response.status));
    if (!framing.date.empty()) append_field(head, "Date", framing.date);
    if (has_body && !response.content_type.empty()) append_field(head, "Content-Type", response.content_type);
    if (has_body) fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", content_bytes);
    for (const auto& [name, value] : response.headers) append_field(head, name, value);
    append_connection_fields(head, response, framing);
    append(head, "\r\n");
    return net::SharedFrame::of(
        {{head.data(), head.size()}, framing.head_only ? std::string_view() : content});
}

}  // namespace parley::http
