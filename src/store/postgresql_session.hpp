#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <libpq-fe.h>
#include <tl/expected.hpp>

#include "store/connection.hpp"
#include "store/parameter.hpp"
#include "store/statement.hpp"
#include "store/transaction.hpp"

namespace parley::store {

/// A conversation with a PostgreSQL server in pipeline mode: commands whose answers nobody waits for travel
/// in the packet of the next statement, so that a transaction around a statement costs no round trip of its
/// own.
class PostgresqlSession {
public:
    struct Clear {
        void operator()(PGresult* result) const { PQclear(result); }
    };
    using Result = std::unique_ptr<PGresult, Clear>;

    /// Connects. Messages never contain the password. The resolution of a host's name is not interrupted by
    /// `go_on`.
    [[nodiscard]] static tl::expected<PostgresqlSession, OpenError> open(const std::string& url,
                                                                         Store::Access access,
                                                                         const Database::GoOn& go_on);

    /// Puts a statement behind those that wait for the next exchange. If `answer` is given, the integer that
    /// the statement gives goes there.
    void enqueue(const Statement& statement, std::span<const Parameter> parameters = {},
                 std::int64_t* answer = nullptr);

    /// What waits for the next exchange.
    [[nodiscard]] std::size_t waiting_count() const { return waiting_.size(); }
    [[nodiscard]] bool waits_last(const Statement& statement) const {
        return !waiting_.empty() && waiting_.back().statement == &statement;
    }
    void take_back_last() { waiting_.pop_back(); }
    void take_back_all() { waiting_.clear(); }

    /// Sends what waits and gives the answer of the last. Throws Failure: of the first that was refused; what
    /// waited behind it was not run.
    Result exchange();

    /// Runs statements without parameters, separated by semicolons, and gives the last answer. Throws Failure
    /// with only the server's words.
    Result run(const char* statements);

private:
    struct Close {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    struct Command {
        const Statement* statement = nullptr;
        std::vector<std::optional<std::string>> values;
        std::int64_t* answer = nullptr;
    };

    PostgresqlSession(PGconn* connection, Store::Access access) : connection_(connection), access_(access) {}

    [[nodiscard]] tl::expected<void, std::string> finish_connecting(const Database::GoOn& go_on);
    [[nodiscard]] tl::expected<void, std::string> check_server();
    void send(const Command& command);
    Result result_of(const Statement& statement, std::optional<Failure>& first);
    Result next_result();
    [[noreturn]] void fail_lost() const;
    [[nodiscard]] Failure failure(const PGresult* result, const std::string& statement) const;

    std::unique_ptr<PGconn, Close> connection_;
    Store::Access access_;
    std::vector<Command> waiting_;
    std::vector<bool> prepared_;   // by Statement::index
    std::vector<bool> preparing_;  // of what was sent: together with its preparation
};

}  // namespace parley::store
