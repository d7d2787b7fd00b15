#include "config/web_app.hpp"

#include <algorithm>

namespace parley::config {

bool serves_web_app(const Settings& settings) {
    return settings.web.enabled && settings.chat.enabled && missing_web_app_contracts(settings).empty();
}

std::vector<std::string_view> missing_web_app_contracts(const Settings& settings) {
    const auto& contracts = settings.chat.contracts;
    std::vector<std::string_view> missing;
    for (const std::string_view needed : {"user", "platform"})
        if (std::find(contracts.begin(), contracts.end(), needed) == contracts.end())
            missing.push_back(needed);
    return missing;
}

}  // namespace parley::config
