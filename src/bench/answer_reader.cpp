#include "bench/answer_reader.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "http/request.hpp"

namespace parley::bench {

namespace {

constexpr std::size_t head_bytes_max = 64 * 1024;
constexpr std::size_t body_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t shown_bytes_max = 400;
constexpr std::string_view line_end = "\r\n";

tl::unexpected<std::string> refuse(std::string_view sentence) {
    return tl::unexpected(std::string(sentence));
}

/// Reads `HTTP/1.1 200 OK`.
tl::expected<Answer, std::string> read_status(std::string_view line) {
    constexpr std::string_view version = "HTTP/1.";
    constexpr std::size_t status_at = version.size() + 2;
    const auto status = line.size() < status_at + 3 ? std::nullopt : parse_decimal(line.substr(status_at, 3));
    if (!line.starts_with(version) || !status) return refuse("The server does not speak HTTP/1.1.");
    return Answer{.status = static_cast<int>(*status), .closes = line[version.size()] == '0'};
}

bool has_no_body(int status) { return status / 100 == 1 || status == 204 || status == 304; }

}  // namespace

tl::expected<std::optional<Answer>, std::string> read_answer(std::string_view input) {
    const auto blank_line = input.find("\r\n\r\n");
    if (blank_line == std::string_view::npos) {
        if (input.size() > head_bytes_max) return refuse("The head of the server's answer does not end.");
        return std::nullopt;
    }
    auto answer = read_status(input.substr(0, input.find(line_end)));
    if (!answer) return tl::unexpected(answer.error());
    std::optional<std::uint64_t> body_bytes;
    for (auto head = input.substr(0, blank_line + line_end.size()); !head.empty();) {
        const auto line = head.substr(0, head.find(line_end));
        head.remove_prefix(line.size() + line_end.size());
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = line.substr(0, colon);
        const auto value = http::trim_space(line.substr(colon + 1));
        if (equals_ignoring_case(name, "Content-Length")) body_bytes = parse_decimal(value);
        if (equals_ignoring_case(name, "Transfer-Encoding"))
            return refuse("The server answers in chunks, which this client does not read.");
        if (equals_ignoring_case(name, "Connection")) answer->closes = http::list_has_token(value, "close");
    }
    if (has_no_body(answer->status)) body_bytes = 0;
    if (!body_bytes || *body_bytes > body_bytes_max)
        return refuse("The server's answer has no Content-Length, or too great a one.");
    const auto head_bytes = blank_line + 2 * line_end.size();
    if (input.size() - head_bytes < *body_bytes) return std::nullopt;
    answer->body = input.substr(head_bytes, static_cast<std::size_t>(*body_bytes));
    answer->bytes = head_bytes + answer->body.size();
    return *answer;
}

std::string refusal_sentence(const Answer& answer) {
    const auto line = answer.body.substr(0, answer.body.find('\n')).substr(0, shown_bytes_max);
    return fmt::format("the server answered {}{}{}", answer.status, line.empty() ? "" : ": ", line);
}

}  // namespace parley::bench
