#include "hub/app.hpp"

#include <algorithm>

namespace parley::hub {

namespace {

bool fits(std::string_view pattern, std::string_view channel) {
    if (!pattern.ends_with('*')) return channel == pattern;
    pattern.remove_suffix(1);
    return channel.starts_with(pattern);
}

}  // namespace

MembersMax presence_members_max(const App& app, std::string_view channel) {
    const auto own = std::find_if(app.presence_limits.begin(), app.presence_limits.end(),
                                  [&](const PresenceLimit& limit) { return fits(limit.pattern, channel); });
    if (own != app.presence_limits.end()) return {own->members_max, own->setting};
    return {app.limits.max_presence_members_per_channel, "limits.max_presence_members_per_channel"};
}

}  // namespace parley::hub
