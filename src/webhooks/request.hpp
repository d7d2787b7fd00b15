#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley::webhooks {

/// Events for one webhook, ready to be sent but for key, signature and headers, which are those of the moment
/// at which it is sent.
struct Request {
    std::string app_id = {};
    std::string webhook = {};   // its fingerprint
    std::string endpoint = {};  // requests with the same one are delivered in their order
    std::int64_t time_ms = 0;   // when it was closed, milliseconds since 1970; stays over retries
    std::size_t event_count = 0;
    std::string body = {};
};

/// The kind of the jobs that requests become where there is a database.
inline constexpr std::string_view job_kind = "webhook";

/// How much memory it takes, about.
[[nodiscard]] inline std::size_t bytes_of(const Request& request) {
    return sizeof request + request.app_id.size() + request.webhook.size() + request.endpoint.size() +
           request.body.size();
}

}  // namespace parley::webhooks
