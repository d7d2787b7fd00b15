#include "bench/layout.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace parley::bench {

namespace {

std::string_view prefix_of(ChannelType type) {
    switch (type) {
        case ChannelType::public_channel:
            return "";
        case ChannelType::private_channel:
            return "private-";
        case ChannelType::presence_channel:
            break;
    }
    return "presence-";
}

std::size_t divided_up(std::size_t count, std::size_t by) { return (count + by - 1) / by; }

std::size_t senders_of(const Options& options) {
    switch (options.scenario) {
        case Scenario::idle:
        case Scenario::connect:
        case Scenario::publish:
            return 0;
        case Scenario::client_events:
            return divided_up(options.connections, options.channels);
        case Scenario::presence:
            return divided_up(options.publishers * options.threads, options.channels);
        case Scenario::chat:
            return 1;
        case Scenario::fanout:
        case Scenario::rooms:
        case Scenario::slow_consumer:
            break;
    }
    return options.threads * publishers_per_channel(options);
}

bool listens(Scenario scenario) { return scenario != Scenario::connect && scenario != Scenario::publish; }

}  // namespace

std::size_t publishers_per_channel(const Options& options) {
    return divided_up(options.publishers, std::max<std::size_t>(options.channels, 1));
}

Layout::Layout(const Options& options, std::uint32_t run, double slow_percent)
    : connection_count_(listens(options.scenario) ? options.connections : 0),
      channel_count_(options.channels),
      every_channel_(options.scenario == Scenario::fanout || options.scenario == Scenario::slow_consumer),
      slow_share_(slow_percent / 100),
      name_begin_(fmt::format("{}bench-{:08x}-", prefix_of(options.channel_type), run)),
      senders_per_channel_(senders_of(options)),
      listener_counts_(channel_count_) {
    for (std::size_t connection = 0; connection < connection_count_; ++connection) {
        if (is_slow(connection)) continue;
        for (const auto channel : channels_of(connection)) ++listener_counts_[channel];
    }
}

std::string Layout::channel_name(std::size_t channel) const { return name_begin_ + std::to_string(channel); }

std::vector<std::size_t> Layout::channels_of(std::size_t connection) const {
    if (channel_count_ == 0) return {};
    if (!every_channel_) return {connection % channel_count_};
    std::vector<std::size_t> all(channel_count_);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

std::size_t Layout::position(std::size_t connection, std::size_t channel) const {
    if (every_channel_) return channel;
    return channel_count_ > 0 && connection % channel_count_ == channel ? 0 : channel_count_;
}

bool Layout::is_slow(std::size_t connection) const {
    return slow_below(connection + 1) > slow_below(connection);
}

std::size_t Layout::slow_count() const { return slow_below(connection_count_); }

/// How many of the first connections are slow.
std::size_t Layout::slow_below(std::size_t connection) const {
    return static_cast<std::size_t>(slow_share_ * static_cast<double>(connection) + 1e-9);
}

}  // namespace parley::bench
