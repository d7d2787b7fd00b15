#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "metrics/histogram.hpp"

namespace parley::cli {

/// What a server says of one app; counts are since its start.
struct AppStatus {
    std::string id;
    bool enabled = true;
    std::uint64_t connections = 0;
    std::uint64_t channels = 0;
    std::uint64_t subscriptions = 0;
    std::uint64_t published = 0;
    std::uint64_t connections_opened = 0;
    std::uint64_t messages_received = 0;
    std::uint64_t messages_sent = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t client_events = 0;
    std::uint64_t api_requests = 0;
    std::uint64_t slow_consumers = 0;
    std::uint64_t rate_refusals = 0;
    metrics::HistogramSnapshot deliveries = {};  // from publishing to the sockets
    metrics::HistogramSnapshot api = {};         // answering of requests

    /// Adds up what can be: all but the id.
    void add(const AppStatus& other);
};

/// What it says of one of its event loops.
struct LoopStatus {
    metrics::HistogramSnapshot turns = {};
    metrics::HistogramSnapshot delays = {};
    std::uint64_t unsent_bytes = 0;
    std::uint64_t mailbox_bytes = 0;

    void add(const LoopStatus& other);
};

/// The answer to `/operator/status`.
struct ServerStatus {
    std::string version;
    std::int64_t now_ms = 0;         // Unix time
    std::int64_t started_at_ms = 0;  // Unix time
    std::uint64_t uptime_ms = 0;
    std::uint64_t port = 0;
    std::uint64_t pid = 0;
    bool draining = false;
    std::uint64_t cpu_ms = 0;
    std::uint64_t resident_bytes = 0;
    std::uint64_t descriptors_open = 0;
    std::int64_t descriptors_max = 0;  // -1: no limit
    std::int64_t reserved = 0;
    std::int64_t connections_max = 0;  // -1: no limit
    std::vector<LoopStatus> loops = {};
    std::vector<AppStatus> apps = {};
    std::vector<std::pair<std::string, std::uint64_t>> refusals = {};  // by code
    std::vector<std::pair<std::string, std::string>> settings = {};

    [[nodiscard]] AppStatus all_apps() const;
    [[nodiscard]] LoopStatus all_loops() const;
    [[nodiscard]] std::uint64_t all_refusals() const;
};

/// Reads the answer; a sentence when it is none, or that of a version that measures in other classes.
[[nodiscard]] tl::expected<ServerStatus, std::string> read_server_status(std::string_view json);

}  // namespace parley::cli
