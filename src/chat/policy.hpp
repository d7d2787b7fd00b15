#pragma once

#include <cstdint>
#include <string>

#include "base/limits.hpp"

namespace parley::chat {

enum class Registration : std::uint8_t {
    open,    // anybody
    invite,  // only addresses that a company has invited
    off      // by command only
};

/// The settings that decide what the domain allows. Each operation goes by one of them as a whole.
struct Policy {
    Registration registration = Registration::open;
    bool join_home_company = true;  // whether a new user becomes a member of the home company
    bool self_deposit = true;       // whether users may deposit to their own account
    std::string currency = "USD";   // ISO 4217, of accounts and campaigns
    Limits limits = {};
};

}  // namespace parley::chat
