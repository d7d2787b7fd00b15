#pragma once

#include <optional>
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
    std::optional<std::string> idempotency_key = {};
};

/// Checks the key under which something is published at most once. An absent one is none; 400 for an empty
/// one, one that is too long or not valid UTF-8.
[[nodiscard]] tl::expected<std::optional<std::string>, Refusal> check_idempotency_key(
    std::optional<std::string_view> key, const Limits& limits);

/// Reads the body of `POST /apps/ID/events` (channels HTTP API, "POST event"). 400, or 413 for too much data.
[[nodiscard]] tl::expected<PublishRequest, Refusal> parse_publish_body(json::Parser& parser,
                                                                       std::string_view body,
                                                                       const Limits& limits);

/// Reads an event from the query of a request without a body, as old server libraries send it.
[[nodiscard]] tl::expected<PublishRequest, Refusal> parse_publish_query(const pusher::Query& query,
                                                                        const Limits& limits);

/// Reads the body of `POST /apps/ID/batch_events` (channels HTTP API, "POST batch events"). One event against
/// the rules refuses them all, with its index in the sentence. No two of them have one idempotency key.
[[nodiscard]] tl::expected<std::vector<PublishRequest>, Refusal> parse_batch_body(json::Parser& parser,
                                                                                  std::string_view body,
                                                                                  const Limits& limits);

}  // namespace parley::api
