#pragma once

#include "chat/policy.hpp"
#include "config/settings.hpp"
#include "store/store.hpp"

namespace parley::server {

/// What the settings say to the chat's domain.
[[nodiscard]] chat::Policy chat_policy(const config::Settings& settings);

/// What they say to its database.
[[nodiscard]] store::Options store_options(const config::Settings& settings);

}  // namespace parley::server
