#include "http_client.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace parley::load {

namespace {

struct Head {
    int status = 0;
    std::size_t head_bytes = 0;
    std::size_t body_bytes = 0;
};

std::size_t read_number(std::string_view text) {
    const auto number = parse_decimal(text);
    if (!number) throw std::runtime_error("a number in an answer's head is none");
    return *number;
}

/// The head of the answer at the front of `input`; empty while it is incomplete. The server's API gives every
/// answer a length.
std::optional<Head> read_head(std::string_view input) {
    const auto end = input.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    constexpr std::string_view version = "HTTP/1.1 ";
    if (!input.starts_with(version)) throw std::runtime_error("an answer is not HTTP/1.1");
    Head head{.status = static_cast<int>(read_number(input.substr(version.size(), 3))),
              .head_bytes = end + 4};
    for (auto rest = input.substr(0, end + 2); !rest.empty();) {
        const auto line = rest.substr(0, rest.find("\r\n"));
        rest.remove_prefix(line.size() + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = to_lower_ascii(line.substr(0, colon));
        if (name == "transfer-encoding") throw std::runtime_error("an answer comes in chunks");
        if (name != "content-length") continue;
        auto value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
        head.body_bytes = read_number(value);
    }
    if (head.status == 304 || head.status == 204) head.body_bytes = 0;
    return head;
}

}  // namespace

HttpClient::HttpClient(Poller& poller, const Endpoint& endpoint)
    : Connection(poller, endpoint), poller_(poller), host_(endpoint.authority()) {}

void HttpClient::send(const Request& request, Done done) {
    if (busy()) throw std::logic_error("one request at a time");
    done_ = std::move(done);
    auto text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\n", request.method,
                            request.target, host_);
    if (!request.token.empty()) text += fmt::format("Authorization: Bearer {}\r\n", request.token);
    if (!request.socket_id.empty()) text += fmt::format("X-Socket-ID: {}\r\n", request.socket_id);
    if (!request.body.empty()) {
        text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", request.body.size());
    }
    text += "\r\n";
    text += request.body;
    write(text);
}

std::size_t HttpClient::take(std::string& input) {
    const auto head = read_head(input);
    if (!head || input.size() < head->head_bytes + head->body_bytes) return 0;
    if (!busy()) throw std::runtime_error("an answer came to no request");
    const auto done = std::exchange(done_, nullptr);
    done(
        {.status = head->status, .body = std::string_view(input).substr(head->head_bytes, head->body_bytes)});
    return head->head_bytes + head->body_bytes;
}

OwnedAnswer HttpClient::ask(const Request& request) {
    OwnedAnswer owned;
    send(request, [&owned](const Answer& answer) {
        owned = {.status = answer.status, .body = std::string(answer.body)};
    });
    poller_.run_until([this] { return !busy(); }, "an answer to " + request.target);
    return owned;
}

std::string HttpClient::expect_success(const Request& request) {
    auto answer = ask(request);
    if (answer.status / 100 != 2) {
        throw std::runtime_error(
            fmt::format("{} {}: {} {}", request.method, request.target, answer.status, answer.body));
    }
    return std::move(answer.body);
}

}  // namespace parley::load
