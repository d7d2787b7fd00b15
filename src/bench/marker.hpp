#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bench/schedule.hpp"

namespace parley::bench {

/// What a message of the load generator says of itself.
struct Marker {
    std::uint32_t channel = 0;   // its number, at most 24 bits
    std::uint32_t sender = 0;    // which of those who send to this channel, at most 24 bits
    std::uint32_t sequence = 0;  // of this sender on this channel, from 0
    Nanoseconds due = 0;         // when it should have been sent
};

/// Writes and finds markers of one run. They are text of fixed length that no JSON encoder escapes, so that a
/// receiver finds them by their first bytes in whatever envelope a server puts around the data.
class MarkerCodec {
public:
    static constexpr std::size_t marker_bytes = 47;
    static constexpr std::uint32_t number_max = (1U << 24U) - 1;

    /// Markers of another `run` are not found: what is late from a run before does not disturb.
    explicit MarkerCodec(std::uint32_t run);

    /// Appends a marker and fills up with `x` to `bytes`, if that is more.
    void append(std::string& out, const Marker& marker, std::size_t bytes = marker_bytes) const;

    /// The first marker of this run in `text`.
    [[nodiscard]] std::optional<Marker> find(std::string_view text) const;

    /// What the markers of this run begin with.
    [[nodiscard]] const std::string& prefix() const { return prefix_; }

private:
    std::string prefix_;
};

}  // namespace parley::bench
