#pragma once

#include <optional>
#include <string>

#include "hub/app.hpp"
#include "pusher/client_message.hpp"
#include "pusher/refusal.hpp"

namespace parley::hub {

enum class IsSubscribed : bool { no, yes };

/// Why a client event is not passed on.
struct ClientEventRefusal {
    pusher::RefusalCode reason;
    std::string sentence;  // names rule and channel
};

/// Why a client may not trigger `event` (channels protocol, "Client events"); empty when it may. How often it
/// may is not looked at here.
[[nodiscard]] std::optional<ClientEventRefusal> why_refused(const AppSettings& settings,
                                                            const pusher::ClientEvent& event,
                                                            IsSubscribed subscribed);

}  // namespace parley::hub
