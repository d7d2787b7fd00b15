#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "store/store.hpp"
#include "store/transaction.hpp"

namespace parley::store {

/// One connection to a database with at most one transaction open on it, for the one thread that owns it.
/// Every function throws Failure: `refused` from a function of a task takes back that task alone, from any
/// other the whole transaction; after `connection_lost` the connection is only good for its destructor.
class Connection {
public:
    virtual ~Connection() = default;

    /// What tasks see of the open transaction.
    [[nodiscard]] virtual Transaction& transaction() = 0;

    /// Opens a transaction: of a writer the only one of the database until it ends, of a reader a snapshot.
    virtual void begin() = 0;

    /// Between these a task of a writer runs: `begin_task`, then either of the other two. If `drop_task`
    /// throws, the transaction as a whole is lost.
    virtual void begin_task() = 0;
    virtual void keep_task() = 0;
    virtual void drop_task() = 0;

    enum class Committed : std::uint8_t { yes, unknown };  // unknown: the connection is lost, and the answer

    /// Commits a writer's transaction durably. When it throws, nothing is stored.
    [[nodiscard]] virtual Committed commit() = 0;

    /// Ends the transaction, if there is one, without a change; also how a reader ends.
    virtual void roll_back() = 0;
};

/// A database: where connections come from. Thread-safe.
class Database {
public:
    virtual ~Database() = default;

    /// Called every now and then by what waits long; it gives up when the answer is no.
    using GoOn = std::function<bool()>;

    /// A new connection that reads or writes, or what keeps it from being made.
    [[nodiscard]] virtual tl::expected<std::unique_ptr<Connection>, OpenError> connect(
        Store::Access access, const GoOn& go_on) const = 0;
};

}  // namespace parley::store
