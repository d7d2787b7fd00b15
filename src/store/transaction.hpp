#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/parameter.hpp"
#include "store/rows.hpp"
#include "store/statement.hpp"

namespace parley::store {

/// The database failed in the middle of a transaction. Thrown by `Transaction` and caught where the store
/// runs a function, never beyond the store's threads: the domain is plain code for the case in which the
/// database works, and not one of its functions could do anything about the other. What is said of it is for
/// the log.
struct Failure {
    enum class Kind : std::uint8_t {
        connection_lost,  // and with it the transaction
        refused           // the statement was not accepted: our own mistake, a full disk, a damaged file
    };
    Kind kind = Kind::refused;
    std::string reason;  // without values of parameters
};

/// What a function of the domain sees of the database: all its statements happen, or none. Used by one
/// thread, during the call that it is given to.
class Transaction {
public:
    /// All rows of the result. Throws Failure.
    virtual Rows query(const Statement& statement, std::span<const Parameter> parameters) = 0;

    /// How many rows were changed. Throws Failure.
    virtual std::int64_t execute(const Statement& statement, std::span<const Parameter> parameters) = 0;

    Rows query(const Statement& statement, std::initializer_list<Parameter> parameters = {}) {
        return query(statement, std::span(parameters.begin(), parameters.size()));
    }
    std::int64_t execute(const Statement& statement, std::initializer_list<Parameter> parameters = {}) {
        return execute(statement, std::span(parameters.begin(), parameters.size()));
    }

    /// The integer in the first column of the first row; empty without a row, or when it is null.
    std::optional<std::int64_t> query_integer(const Statement& statement,
                                              std::initializer_list<Parameter> parameters = {}) {
        const auto rows = query(statement, parameters);
        return rows.empty() ? std::nullopt : rows.front().optional_integer(0);
    }

    /// A number for a change: greater than that of every change that anybody can see before this transaction
    /// is committed, over all writers of the database. Whoever has read all changes up to a number never
    /// finds a later one with a lower number. For writing transactions.
    virtual std::int64_t next_change() = 0;

    /// Keeps the full-text index of messages: `old_body` is what the index has of it (empty: nothing),
    /// `new_body` what it shall have (empty: nothing). In force with the commit. For writing transactions.
    virtual void index_message(std::int64_t message_id, std::string_view old_body,
                               std::string_view new_body) = 0;

    [[nodiscard]] virtual Dialect dialect() const = 0;

protected:
    ~Transaction() = default;
};

}  // namespace parley::store
