#pragma once

#include <optional>
#include <string>

#include "hub/app.hpp"
#include "pusher/client_message.hpp"

namespace parley::hub {

enum class IsSubscribed : bool { no, yes };

/// Why a client may not trigger `event` (channels protocol, "Client events"), as a sentence that names rule
/// and channel; empty when it may. How often it may is not looked at here.
[[nodiscard]] std::optional<std::string> why_refused(const App& app, const pusher::ClientEvent& event,
                                                     IsSubscribed subscribed);

}  // namespace parley::hub
