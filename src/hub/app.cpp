#include "hub/app.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace parley::hub {

namespace {

bool fits(std::string_view pattern, std::string_view channel) {
    if (!pattern.ends_with('*')) return channel == pattern;
    pattern.remove_suffix(1);
    return channel.starts_with(pattern);
}

}  // namespace

App::App(std::uint32_t number, AppSettings settings)
    : id(settings.id), index(number), settings_(std::move(settings)) {}

void App::change(AppSettings settings) {
    PARLEY_CHECK(settings.id == id, "an app is given the settings of another one");
    settings_.set(std::move(settings));
}

MembersMax presence_members_max(const AppSettings& settings, std::string_view channel) {
    const auto& own_limits = settings.presence_limits;
    const auto own =
        std::ranges::find_if(own_limits, [&](const auto& limit) { return fits(limit.pattern, channel); });
    if (own != own_limits.end()) return {own->members_max, own->setting};
    return {settings.limits.max_presence_members_per_channel, "limits.max_presence_members_per_channel"};
}

}  // namespace parley::hub
