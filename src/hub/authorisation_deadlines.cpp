#include "hub/authorisation_deadlines.hpp"

#include "hub/session.hpp"

namespace parley::hub {

AuthorisationDeadlines::~AuthorisationDeadlines() = default;

void AuthorisationDeadlines::set(Session& session) {
    sessions_.emplace(session.socket_id(), &session);
    deadlines_.push_back({loop_.now_ms() + timeout_ms_, session.socket_id()});
    if (!waiting()) loop_.set_timer(*this, timeout_ms_);
}

void AuthorisationDeadlines::on_timer() {
    while (!deadlines_.empty() && deadlines_.front().due_ms <= loop_.now_ms()) {
        const auto session = sessions_.extract(deadlines_.front().socket);
        deadlines_.pop_front();
        if (!session.empty())
            session.mapped()->close(pusher::CloseCode::unauthorised,
                                    "The connection has neither signed in nor subscribed to a private or "
                                    "presence channel in time (limits.user_authentication_timeout).");
    }
    if (!deadlines_.empty()) loop_.set_timer(*this, deadlines_.front().due_ms - loop_.now_ms());
}

}  // namespace parley::hub
