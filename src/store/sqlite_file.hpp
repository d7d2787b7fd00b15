#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>
#include <tl/expected.hpp>

#include "store/parameter.hpp"
#include "store/rows.hpp"
#include "store/statement.hpp"
#include "store/store.hpp"

namespace parley::store {

/// An SQLite database opened by one thread: settings, prepared statements, errors as Failure. A file that
/// another process has locked for longer than `busy_wait_ms` counts as a lost connection.
class SqliteFile {
public:
    static constexpr int busy_wait_ms = 250;

    /// Opens the file; a writer makes it when it is missing, readable by its owner alone.
    [[nodiscard]] static tl::expected<SqliteFile, OpenError> open(const std::string& path,
                                                                  Store::Access access);

    /// Runs statements without parameters, separated by semicolons. Throws Failure.
    void run(const char* statements);

    /// All rows of the result. Throws Failure.
    Rows query(const Statement& statement, std::span<const Parameter> parameters = {});

    /// How many rows were changed. Throws Failure.
    std::int64_t execute(const Statement& statement, std::span<const Parameter> parameters = {});

    /// SQLite ends a transaction by itself after some errors.
    [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

private:
    struct Close {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    struct Prepared {
        std::unique_ptr<sqlite3_stmt, Finalize> statement;
        std::vector<int> positions;  // of $1, $2…: SQLite numbers names as it meets them
    };

    explicit SqliteFile(sqlite3* handle) : handle_(handle) {}

    Prepared& prepare(const Statement& statement);
    void bind(const Prepared& prepared, std::span<const Parameter> parameters) const;
    template <class EachRow>
    void step(const Statement& statement, std::span<const Parameter> parameters, EachRow each_row);
    [[noreturn]] void fail(std::string_view statement) const;

    std::unique_ptr<sqlite3, Close> handle_;
    std::vector<Prepared> prepared_;  // by Statement::index
};

}  // namespace parley::store
