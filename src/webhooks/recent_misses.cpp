#include "webhooks/recent_misses.hpp"

namespace parley::webhooks {

bool RecentMisses::is_first(std::string_view channel, std::uint64_t now_ms) {
    while (!ends_.empty() && (ends_.front().first <= now_ms || ends_.size() > channels_max_)) {
        channels_.erase(ends_.front().second);
        ends_.pop_front();
    }
    if (!channels_.emplace(channel).second) return false;
    ends_.emplace_back(now_ms + pause_ms, channel);
    return true;
}

}  // namespace parley::webhooks
