#include "bench/publish_request.hpp"

#include <fmt/format.h>

#include "crypto/digest.hpp"

namespace parley::bench {

namespace {

/// For a query (RFC 3986, section 2.1).
std::string percent_encoded(std::string_view text) {
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    std::string encoded;
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<std::uint8_t>(c));
        }
    }
    return encoded;
}

}  // namespace

PublishRequest::PublishRequest(const Target& target)
    : path_(fmt::format("{}/apps/{}/events", target.path, target.app.id)),
      escaped_key_(percent_encoded(target.app.key)),
      sign_begin_(fmt::format("POST\n{}\nauth_key={}&auth_timestamp=", path_, target.app.key)),
      head_end_(fmt::format(" HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: ",
                            target.authority)),
      hmac_(target.app.secret) {}

std::string_view PublishRequest::write(std::string_view channel, std::string_view data, std::int64_t unix_s) {
    body_.clear();
    fmt::format_to(std::back_inserter(body_), R"({{"name":"bench","channel":"{}","data":"{}"}})", channel,
                   data);
    const auto body_md5 = crypto::md5_hex(body_);
    to_sign_.clear();
    fmt::format_to(std::back_inserter(to_sign_), "{}{}&auth_version=1.0&body_md5={}", sign_begin_, unix_s,
                   body_md5);
    request_.clear();
    fmt::format_to(
        std::back_inserter(request_),
        "POST {}?auth_key={}&auth_timestamp={}&auth_version=1.0&body_md5={}&auth_signature={}{}{}\r\n\r\n{}",
        path_, escaped_key_, unix_s, body_md5, hmac_.hex(to_sign_), head_end_, body_.size(), body_);
    return request_;
}

}  // namespace parley::bench
