#include "bench/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/text.hpp"
#include "bench/marker.hpp"

namespace parley::bench {

namespace {

using Read = tl::expected<void, std::string>;

struct ScenarioInfo {
    Scenario scenario;
    std::string_view name;
    std::string_view description;
    Options defaults = {};
};

const std::array<ScenarioInfo, 9>& scenario_table() {
    static const std::array<ScenarioInfo, 9> table = {{
        {Scenario::idle,
         "idle",
         "opens connections and leaves them alone: memory, connect rate",
         {.connections = 1'000, .rate = 0, .warm_up_s = 0}},
        {Scenario::connect,
         "connect",
         "connections that come, subscribe and go, --connecting at a time",
         {.connections = 0, .channel_type = ChannelType::private_channel, .rate = 0}},
        {Scenario::fanout, "fanout", "events over HTTP to connections that are all in every channel", {}},
        {Scenario::rooms,
         "rooms",
         "events over HTTP to many channels, each connection in one of them",
         {.connections = 400, .channels = 100, .rate = 100}},
        {Scenario::client_events,
         "client-events",
         "members of private channels send to each other",
         {.connections = 400, .channels = 100, .channel_type = ChannelType::private_channel, .rate = 100}},
        {Scenario::presence,
         "presence",
         "members join and leave; how soon the others are told",
         {.connections = 100, .channels = 10, .channel_type = ChannelType::presence_channel, .rate = 20}},
        {Scenario::publish,
         "publish",
         "events over HTTP to channels without subscribers",
         {.connections = 0, .channels = 100, .rate = 0}},
        {Scenario::slow_consumer,
         "slow-consumer",
         "fanout, first as it is, then with sockets that never read",
         {.connections = 200, .rate = 100, .payload_bytes = 10'000}},
        {Scenario::chat,
         "chat",
         "messages of people of Parley's chat, from the request to the other's socket",
         {.connections = 20, .channel_type = ChannelType::private_channel, .rate = 20}},
    }};
    return table;
}

Read refuse(std::string_view flag, std::string_view what, std::string_view text) {
    return tl::unexpected(fmt::format("--{} must be {}, not '{}'.", flag, what, text));
}

Read read_count(std::size_t& value, std::string_view flag, std::string_view text, std::size_t least,
                std::size_t most) {
    const auto number = parse_decimal(text);
    if (!number || *number < least || *number > most)
        return refuse(flag, fmt::format("a whole number from {} to {}", least, most), text);
    value = static_cast<std::size_t>(*number);
    return {};
}

Read read_number(double& value, std::string_view flag, std::string_view text, double least, double most) {
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stopped != end || !(number >= least && number <= most))
        return refuse(flag, fmt::format("a number from {} to {}", least, most), text);
    value = number;
    return {};
}

Read read_channel_type(ChannelType& value, std::string_view flag, std::string_view text) {
    for (const auto type :
         {ChannelType::public_channel, ChannelType::private_channel, ChannelType::presence_channel}) {
        if (name_of(type) != text) continue;
        value = type;
        return {};
    }
    return refuse(flag, "public, private or presence", text);
}

Read read_pid(std::optional<std::int64_t>& value, std::string_view flag, std::string_view text) {
    const auto number = parse_decimal(text);
    if (!number || *number == 0 || *number > 4'194'304) return refuse(flag, "the id of a process", text);
    value = static_cast<std::int64_t>(*number);
    return {};
}

constexpr std::size_t most_connections = 1'000'000;
constexpr double most_seconds = 86'400;

/// A flag, and how its text becomes an option.
struct Reader {
    Flag flag;
    Read (*read)(Options& options, std::string_view flag, std::string_view text);
};

template <std::size_t Options::* member, std::size_t least, std::size_t most>
Read read_count_of(Options& options, std::string_view flag, std::string_view text) {
    return read_count(options.*member, flag, text, least, most);
}

template <double Options::* member, double least, double most>
Read read_number_of(Options& options, std::string_view flag, std::string_view text) {
    return read_number(options.*member, flag, text, least, most);
}

template <bool Options::* member>
Read read_switch_of(Options& options, std::string_view /*flag*/, std::string_view text) {
    options.*member = text == "true";
    return {};
}

constexpr std::array readers = {
    Reader{{"connections", "N", "Connections that listen"},
           read_count_of<&Options::connections, 0, most_connections>},
    Reader{{"channels", "N", "Channels; idle: 0 subscribes to none"},
           read_count_of<&Options::channels, 0, 1'000'000>},
    Reader{{"channel-type", "TYPE", "public, private or presence"},
           [](Options& options, std::string_view flag, std::string_view text) {
               return read_channel_type(options.channel_type, flag, text);
           }},
    Reader{{"rate", "N", "Messages, joins or connections a second; 0: as fast as answers come"},
           read_number_of<&Options::rate, 0.0, 1e7>},
    Reader{{"payload", "BYTES", "Length of the data of an event"},
           read_count_of<&Options::payload_bytes, MarkerCodec::marker_bytes, 10'000'000>},
    Reader{{"duration", "SECONDS", "How long is measured [10]"},
           read_number_of<&Options::duration_s, 0.1, most_seconds>},
    Reader{{"warm-up", "SECONDS", "Before that, over which the rate rises [1]"},
           read_number_of<&Options::warm_up_s, 0.0, most_seconds>},
    Reader{{"ramp", "SECONDS",
            "Over which the connections open evenly; 0: as fast as the server takes them [0]"},
           read_number_of<&Options::ramp_s, 0.0, most_seconds>},
    Reader{{"connecting", "N", "Connections that are being opened at a time, per thread [64]"},
           read_count_of<&Options::connecting, 1, 65'536>},
    Reader{
        {"publishers", "N", "HTTP connections that publish, or sockets that join and leave, per thread [4]"},
        read_count_of<&Options::publishers, 1, 10'000>},
    Reader{{"pipeline", "N", "Requests under way on each of them [1]"},
           read_count_of<&Options::pipeline, 1, 10'000>},
    Reader{{"threads", "N", "Threads of the load generator [1]"}, read_count_of<&Options::threads, 1, 256>},
    Reader{{"source-addresses", "N", "Connect from 127.0.0.1 to 127.0.0.N: more than 28,000 connections [1]"},
           read_count_of<&Options::source_addresses, 1, 254>},
    Reader{{"find-max", "", "Look for the highest rate without loss and with p99 below --p99-max"},
           read_switch_of<&Options::find_max>},
    Reader{{"p99-max", "MS", "For --find-max [100]"}, read_number_of<&Options::p99_max_ms, 0.001, 1e6>},
    Reader{{"slow", "PERCENT", "slow-consumer: share of the connections that never read [1]"},
           read_number_of<&Options::slow_percent, 0.001, 99.0>},
    Reader{{"patience", "SECONDS", "At the end, for what is on its way and does not arrive [10]"},
           read_number_of<&Options::patience_s, 0.1, most_seconds>},
    Reader{{"server-pid", "PID", "Process whose CPU time and memory are reported"},
           [](Options& options, std::string_view flag, std::string_view text) {
               return read_pid(options.server_pid, flag, text);
           }},
    Reader{{"json", "", "Print all figures as one JSON object"}, read_switch_of<&Options::json>},
};

bool publishes_events(Scenario scenario) {
    return scenario != Scenario::idle && scenario != Scenario::connect;
}

/// What no single flag shows.
Read check(const Options& options) {
    const auto refused = [&](std::string_view sentence) -> Read {
        return tl::unexpected(fmt::format("{}: {}", name_of(options.scenario), sentence));
    };
    const auto scenario = options.scenario;
    const bool listens = scenario != Scenario::connect && scenario != Scenario::publish;
    if (listens && options.connections == 0) return refused("--connections must be at least 1.");
    if (options.threads > options.connections && listens)
        return refused("--threads must not be more than --connections.");
    if (publishes_events(scenario) && options.channels == 0) return refused("--channels must be at least 1.");
    if (publishes_events(scenario) && scenario != Scenario::publish && options.rate <= 0)
        return refused("--rate must be above 0: a rate without a plan hides what a slow server delays.");
    if (options.find_max &&
        (options.rate <= 0 || !publishes_events(scenario) || scenario == Scenario::slow_consumer))
        return refused("--find-max needs a scenario that sends events, and a --rate to begin with.");
    if (scenario == Scenario::client_events && options.channel_type == ChannelType::public_channel)
        return refused("client events need --channel-type private or presence.");
    if (scenario == Scenario::presence && options.channel_type != ChannelType::presence_channel)
        return refused("only --channel-type presence has members.");
    if (scenario == Scenario::client_events && options.connections < 2 * options.channels)
        return refused("there must be two connections for every channel: nobody hears oneself.");
    if (std::max(options.channels, options.connections) > MarkerCodec::number_max)
        return refused("that is more than a message can say of itself.");
    return {};
}

}  // namespace

std::string_view name_of(Scenario scenario) {
    return scenario_table().at(static_cast<std::size_t>(scenario)).name;
}

std::string_view name_of(ChannelType type) {
    switch (type) {
        case ChannelType::public_channel:
            return "public";
        case ChannelType::private_channel:
            return "private";
        case ChannelType::presence_channel:
            break;
    }
    return "presence";
}

std::span<const Flag> flag_table() {
    static const auto flags = [] {
        std::array<Flag, readers.size()> table;
        std::transform(readers.begin(), readers.end(), table.begin(),
                       [](const Reader& reader) { return reader.flag; });
        return table;
    }();
    return flags;
}

std::string scenario_help() {
    std::string text = "Scenarios [connections, channels, rate]:\n";
    for (const auto& info : scenario_table()) {
        const auto& defaults = info.defaults;
        text += fmt::format("  {:<16}{} [{}, {}, {}]\n", info.name, info.description, defaults.connections,
                            defaults.channels, defaults.rate);
    }
    return text;
}

tl::expected<Options, std::string> read_options(std::string_view scenario,
                                                std::span<const std::pair<std::string, std::string>> flags) {
    const auto& table = scenario_table();
    const auto info = std::find_if(table.begin(), table.end(),
                                   [&](const ScenarioInfo& candidate) { return candidate.name == scenario; });
    if (info == table.end()) return tl::unexpected(fmt::format("'{}' is no scenario.", scenario));
    auto options = info->defaults;
    options.scenario = info->scenario;
    for (const auto& [name, text] : flags) {
        const auto reader = std::find_if(readers.begin(), readers.end(), [&](const Reader& candidate) {
            return candidate.flag.name == name;
        });
        if (reader == readers.end()) return tl::unexpected(fmt::format("--{} is no flag of bench.", name));
        if (const auto read = reader->read(options, name, text); !read) return tl::unexpected(read.error());
    }
    // Every listener has a channel of their own.
    if (options.scenario == Scenario::chat) options.channels = options.connections;
    if (const auto checked = check(options); !checked) return tl::unexpected(checked.error());
    return options;
}

}  // namespace parley::bench
