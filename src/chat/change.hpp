#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chat/events.hpp"
#include "chat/policy.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// What a writing function of the domain works with: the transaction, the moment, the rules in force, and the
/// record of what happened. Made anew for every run of the function.
class Change {
public:
    /// `except_socket`: the socket that caused the change and is not told of it; empty: none.
    Change(store::Transaction& transaction, const Policy& policy, Moment now, std::string_view except_socket)
        : transaction_(transaction), policy_(policy), now_(now), except_socket_(except_socket) {}

    [[nodiscard]] store::Transaction& transaction() { return transaction_; }
    [[nodiscard]] const Policy& policy() const { return policy_; }
    [[nodiscard]] Moment now() const { return now_; }

    /// The socket that is not told; empty: none.
    [[nodiscard]] const std::string& except_socket() const { return except_socket_; }

    /// Has `event` broadcast once the transaction is committed, at least once whatever happens: it is written
    /// to the outbox.
    void record(Event event);

    /// Has `event` broadcast after the commit; a crash loses it. For what is of the moment: typing.
    void announce(Event event);

    /// What was recorded and announced, in its order.
    [[nodiscard]] std::vector<Broadcast> take_broadcasts() { return std::move(broadcasts_); }

    /// Whether jobs were added, so that somebody should look after the queue.
    [[nodiscard]] bool added_jobs() const { return added_jobs_; }
    void note_added_job() { added_jobs_ = true; }

private:
    store::Transaction& transaction_;
    const Policy& policy_;
    Moment now_;
    std::string except_socket_;
    std::vector<Broadcast> broadcasts_;
    bool added_jobs_ = false;
};

}  // namespace parley::chat
