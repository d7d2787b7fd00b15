#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/options.hpp"

namespace parley::bench {

/// How many senders a channel has in one thread: with fewer channels than HTTP connections several of these
/// publish to the same.
[[nodiscard]] std::size_t publishers_per_channel(const Options& options);

/// Which connections there are, what they are subscribed to, and how many senders a channel has: the same for
/// all threads of a run. Immutable.
class Layout {
public:
    /// `run` makes the names of the channels those of this run alone. `slow_percent` 0: nobody is slow.
    Layout(const Options& options, std::uint32_t run, double slow_percent);

    [[nodiscard]] std::size_t connection_count() const { return connection_count_; }
    [[nodiscard]] std::size_t channel_count() const { return channel_count_; }
    [[nodiscard]] std::string channel_name(std::size_t channel) const;

    /// The channels of a connection, numbers.
    [[nodiscard]] std::vector<std::size_t> channels_of(std::size_t connection) const;

    /// Where `channel` stands in `channels_of(connection)`; channel_count() when it does not.
    [[nodiscard]] std::size_t position(std::size_t connection, std::size_t channel) const;

    /// How many connections of `channel` get what is sent to it: those that read.
    [[nodiscard]] std::size_t listener_count(std::size_t channel) const { return listener_counts_[channel]; }

    /// How many different senders a channel can have; 0 when nothing is sent.
    [[nodiscard]] std::size_t senders_per_channel() const { return senders_per_channel_; }

    /// Which of the members of its channel a connection is, where every connection has one channel.
    [[nodiscard]] std::size_t member_number(std::size_t connection) const {
        return connection / channel_count_;
    }

    /// Whether a connection does not read; they are spread evenly.
    [[nodiscard]] bool is_slow(std::size_t connection) const;
    [[nodiscard]] std::size_t slow_count() const;

private:
    [[nodiscard]] std::size_t slow_below(std::size_t connection) const;

    std::size_t connection_count_;
    std::size_t channel_count_;
    bool every_channel_;
    double slow_share_;
    std::string name_begin_;
    std::size_t senders_per_channel_;
    std::vector<std::size_t> listener_counts_;
};

}  // namespace parley::bench
