#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace parley::webhooks {

/// On which cache channels of one app a newcomer found nothing a moment ago, so that it is not told again for
/// each of a crowd (HTTP API, "Webhooks", when). Pure; time is handed in and never goes back.
class RecentMisses {
public:
    /// For how long a channel's miss is not told again.
    static constexpr std::uint64_t pause_ms = 3'000;

    /// `channels_max`: how many channels are remembered; past it the oldest is forgotten.
    explicit RecentMisses(std::size_t channels_max) : channels_max_(channels_max) {}

    void set_channels_max(std::size_t channels_max) { channels_max_ = channels_max; }

    /// Whether this miss is to be told.
    [[nodiscard]] bool is_first(std::string_view channel, std::uint64_t now_ms);

private:
    std::size_t channels_max_;
    std::unordered_set<std::string> channels_;
    std::deque<std::pair<std::uint64_t, std::string>> ends_;  // when each of them is forgotten
};

}  // namespace parley::webhooks
