#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace parley::bench {

/// What is measured.
enum class Scenario : std::uint8_t {
    idle,           // connections that do nothing
    connect,        // connections that come and go
    fanout,         // every connection in every channel; published over HTTP
    rooms,          // every connection in one channel; published over HTTP
    client_events,  // every connection in one channel; all send to the others
    presence,       // members come and go; those who stay are told
    publish,        // HTTP alone: nobody listens
    slow_consumer,  // fanout without and with sockets that do not read
    chat            // messages of people, from the REST request to the other's socket
};

[[nodiscard]] std::string_view name_of(Scenario scenario);

enum class ChannelType : std::uint8_t { public_channel, private_channel, presence_channel };

[[nodiscard]] std::string_view name_of(ChannelType type);

/// Everything that can be asked for. What a scenario has other defaults for stands in `defaults_of`.
struct Options {
    Scenario scenario = Scenario::fanout;
    std::size_t connections = 100;
    std::size_t channels = 1;
    ChannelType channel_type = ChannelType::public_channel;
    double rate = 10;                 // messages, joins or connections a second; 0: as fast as answers come
    std::size_t payload_bytes = 128;  // of the data of an event
    double duration_s = 10;
    double warm_up_s = 1;              // before it, over which the rate rises
    double ramp_s = 0;                 // over which the connections open
    std::size_t connecting = 64;       // connections that are being opened at a time
    std::size_t publishers = 4;        // HTTP connections, or sockets that join and leave
    std::size_t pipeline = 1;          // requests under way on each of them
    std::size_t threads = 1;           // loops
    std::size_t source_addresses = 1;  // 127.0.0.1, 127.0.0.2 and so on
    bool find_max = false;             // look for the highest rate
    double p99_max_ms = 100;           // that a rate may have to be borne
    double slow_percent = 1;           // of the connections: do not read
    double patience_s = 10;            // for what is on its way at the end
    std::optional<std::int64_t> server_pid = {};
    bool json = false;
};

/// A flag of `parley bench`, for a command line that leaves the reading of its text to `read_options`.
struct Flag {
    std::string_view name;  // without dashes
    std::string_view type;  // what stands behind it in help; empty for a switch
    std::string_view description;
};

[[nodiscard]] std::span<const Flag> flag_table();

/// The scenarios with their defaults, for help.
[[nodiscard]] std::string scenario_help();

/// The options of `scenario` with the flags that were given, in their order: name and text, which is `true`
/// for switches. The error is a sentence.
[[nodiscard]] tl::expected<Options, std::string> read_options(
    std::string_view scenario, std::span<const std::pair<std::string, std::string>> flags);

}  // namespace parley::bench
