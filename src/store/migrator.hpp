#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <tl/expected.hpp>

#include "store/location.hpp"
#include "store/migrations.hpp"
#include "store/store.hpp"

namespace parley::store {

/// A connection on which one process at a time changes the schema. Its functions throw Failure.
class SchemaConnection {
public:
    virtual ~SchemaConnection() = default;

    /// Opens a transaction, alone among all that change the schema; then the version is what it was last.
    virtual void begin() = 0;
    [[nodiscard]] virtual std::int64_t version() = 0;
    virtual void apply(const Migration& migration) = 0;  // and sets the version
    virtual void commit() = 0;
    virtual void roll_back() = 0;
};

/// Applies what is missing of `steps`, each in its own transaction.
[[nodiscard]] tl::expected<SchemaState, OpenError> bring_up_to_date(SchemaConnection& connection,
                                                                    std::span<const Migration> steps);

/// Per database, in the files named after it.
[[nodiscard]] tl::expected<std::unique_ptr<SchemaConnection>, OpenError> open_sqlite_schema(
    const std::string& path);
[[nodiscard]] tl::expected<std::unique_ptr<SchemaConnection>, OpenError> open_postgresql_schema(
    const std::string& url);

}  // namespace parley::store
