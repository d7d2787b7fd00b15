#pragma once

#include <cstdint>
#include <vector>

#include "hub/session.hpp"

namespace parley::hub {

/// The sessions of one loop. Belongs to that loop.
class SessionList {
public:
    void add(Session& session) {
        session.position_ = static_cast<std::uint32_t>(sessions_.size());
        sessions_.push_back(&session);
    }

    void remove(Session& session) {
        sessions_[session.position_] = sessions_.back();
        sessions_[session.position_]->position_ = session.position_;
        sessions_.pop_back();
    }

    [[nodiscard]] const std::vector<Session*>& all() const { return sessions_; }

private:
    std::vector<Session*> sessions_;
};

}  // namespace parley::hub
