#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/current.hpp"
#include "chat/change.hpp"
#include "chat/http/throttle.hpp"
#include "store/store.hpp"

namespace parley::chat {

/// Where what was committed goes. Called on the store's threads, in the order of the commits; must be quick.
class Delivery {
public:
    virtual void deliver(std::vector<Broadcast> broadcasts) = 0;
    virtual void jobs_added() = 0;

protected:
    ~Delivery() = default;
};

/// What every route of the API stands on. Shared by all loops; outlives their runs and the store's threads.
struct Backend {
    store::Store& store;
    const Clock& clock;
    const Current<Policy>& policy;
    Delivery& delivery;
    Throttle& requests;  // per user, over all routes
    /// Origins whose pages may use the API (CORS); "*" is all of them, empty none.
    const Current<std::vector<std::string>>& allowed_origins;
};

}  // namespace parley::chat
