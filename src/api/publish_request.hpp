#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/attributes.hpp"
#include "api/refusal.hpp"
#include "base/limits.hpp"
#include "json/parser.hpp"
#include "pusher/query.hpp"
#include "pusher/socket_id.hpp"

namespace parley::api {

/// An event that may be published: every rule and limit of an event has been checked.
struct PublishRequest {
    std::string name;
    std::vector<std::string> channels;       // at least one, without repeats
    std::string data;                        // final: text as it was given, anything else as compact JSON
    std::optional<pusher::SocketId> except;  // empty too when no connection of ours can have the id
    Attributes info;
};

/// Reads the body of `POST /apps/ID/events` (channels HTTP API, "POST event"). 400, or 413 for too much data.
[[nodiscard]] tl::expected<PublishRequest, Refusal> parse_publish_body(json::Parser& parser,
                                                                       std::string_view body,
                                                                       const Limits& limits);

/// Reads an event from the query of a request without a body, as old server libraries send it.
[[nodiscard]] tl::expected<PublishRequest, Refusal> parse_publish_query(const pusher::Query& query,
                                                                        const Limits& limits);

/// Reads the body of `POST /apps/ID/batch_events` (channels HTTP API, "POST batch events"). One event against
/// the rules refuses them all, with its index in the sentence.
[[nodiscard]] tl::expected<std::vector<PublishRequest>, Refusal> parse_batch_body(json::Parser& parser,
                                                                                  std::string_view body,
                                                                                  const Limits& limits);

/// What publishing `events` counts against max_backend_events_per_second: one for each event and channel.
[[nodiscard]] std::uint64_t count_points(std::span<const PublishRequest> events);

}  // namespace parley::api
