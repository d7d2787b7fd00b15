#pragma once

#include <memory>
#include <vector>

#include "config/settings.hpp"
#include "handover/link.hpp"
#include "hub/hub.hpp"
#include "server/chat_half.hpp"
#include "server/signals.hpp"
#include "server/worker.hpp"

namespace parley::server {

/// What a server that ends has to look after.
struct ShutdownParts {
    hub::Hub& hub;
    handover::Link& link;
    ChatHalf* chat;  // null for channels alone
    const std::vector<std::unique_ptr<Worker>>& workers;
};

/// Sends everybody away at the pace that the settings say: to a successor on the same port, if one has come,
/// which gets all newcomers from the beginning; else with a code on which clients spread over the time of a
/// restart, until whose end newcomers are told so, too. Returns when all have gone, the grace period is over,
/// or another signal to end comes.
void shut_down(const ShutdownParts& parts, const config::Settings& settings, const Signals& signals);

}  // namespace parley::server
