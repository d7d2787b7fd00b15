#include "hub/authorisation_deadlines.hpp"

#include "hub/session.hpp"

namespace parley::hub {

AuthorisationDeadlines::~AuthorisationDeadlines() = default;

void AuthorisationDeadlines::set(Session& session, std::uint64_t timeout_ms) {
    sessions_.emplace(session.socket_id(), &session);
    const auto set = deadlines_.emplace(loop_.now_ms() + timeout_ms, session.socket_id());
    if (set == deadlines_.begin()) loop_.set_timer(*this, timeout_ms);
}

void AuthorisationDeadlines::on_timer() {
    while (!deadlines_.empty() && deadlines_.begin()->first <= loop_.now_ms()) {
        const auto session = sessions_.extract(deadlines_.begin()->second);
        deadlines_.erase(deadlines_.begin());
        if (!session.empty())
            session.mapped()->refuse(pusher::CloseCode::unauthorised,
                                     pusher::RefusalCode::not_authorised_in_time,
                                     "The connection has neither signed in nor subscribed to a private or "
                                     "presence channel in time (limits.user_authentication_timeout).");
    }
    if (!deadlines_.empty()) loop_.set_timer(*this, deadlines_.begin()->first - loop_.now_ms());
}

}  // namespace parley::hub
