#include "webhooks/post.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "crypto/hmac.hpp"

namespace parley::webhooks {

namespace {

// The four of the protocol, and those that describe the message itself.
constexpr std::array<std::string_view, 10> own_headers = {
    "content-type", "x-pusher-key",   "x-pusher-signature", "user-agent", "host",
    "connection",   "content-length", "transfer-encoding",  "expect",     "upgrade"};

bool is_line_text(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_own(std::string_view name) {
    return std::ranges::any_of(own_headers, [&](auto own) { return equals_ignoring_case(own, name); });
}

}  // namespace

Post make_post(const hub::AppSettings& app, const hub::Webhook& webhook, const Request& request) {
    Post post{.url = webhook.url, .body = request.body};
    crypto::HmacSha256 hmac(app.secrets.front());
    post.header_lines = {"Content-Type: application/json", "X-Pusher-Key: " + app.key,
                         "X-Pusher-Signature: " + hmac.hex(request.body),
                         "User-Agent: Parley/" PARLEY_VERSION};
    for (const auto& [name, value] : webhook.headers) {
        if (name.empty() || name.find(':') != name.npos || is_own(name)) continue;
        if (!is_line_text(name) || !is_line_text(value)) continue;
        // Of a header without a value libcurl wants to be told so.
        post.header_lines.push_back(value.empty() ? name + ";" : name + ": " + value);
    }
    return post;
}

}  // namespace parley::webhooks
