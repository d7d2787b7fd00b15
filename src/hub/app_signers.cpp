#include "hub/app_signers.hpp"

#include <algorithm>

namespace parley::hub {

namespace {

constexpr std::size_t retired_count_max = 2;

}  // namespace

pusher::Credentials AppSigners::credentials(const App& app) {
    const auto& settings = app.settings();
    if (app.index >= signers_.size()) signers_.resize(app.index + 1);
    auto& signers = signers_[app.index];
    if (signers.settings != &settings) set_anew(signers, settings);
    return {settings.key, signers.hmacs};
}

pusher::SuspectSecrets AppSigners::suspects(const App& app) {
    const auto credentials_now = credentials(app);
    auto& signers = signers_[app.index];
    return {credentials_now, signers.settings->secrets, signers.retired};
}

void AppSigners::set_anew(Signers& signers, const AppSettings& settings) {
    if (signers.settings != nullptr) {
        for (const auto& secret : signers.settings->secrets)
            if (std::ranges::find(settings.secrets, secret) == settings.secrets.end())
                signers.retired.emplace_back(secret);
        while (signers.retired.size() > retired_count_max) signers.retired.erase(signers.retired.begin());
    }
    signers.settings = &settings;
    signers.hmacs.clear();
    for (const auto& secret : settings.secrets) signers.hmacs.emplace_back(secret);
}

}  // namespace parley::hub
