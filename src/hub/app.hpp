#pragma once

#include <cstdint>
#include <string>

#include "base/limits.hpp"

namespace parley::hub {

/// One tenant of the server: its credentials and what it is allowed. Immutable; lives as long as the hub.
struct App {
    std::string id;
    std::string key;
    std::string secret;
    bool enable_client_messages = true;
    Limits limits;
    std::uint32_t index = 0;  // its place in the hub's list
};

}  // namespace parley::hub
