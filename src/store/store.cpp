#include "store/store.hpp"

#include "store/engine.hpp"
#include "store/location.hpp"
#include "store/migrator.hpp"
#include "store/postgresql_database.hpp"
#include "store/sqlite_database.hpp"

namespace parley::store {
namespace {

std::unique_ptr<Database> database_at(const Location& location) {
    if (location.dialect == Dialect::sqlite) return std::make_unique<SqliteDatabase>(location.address);
    return std::make_unique<PostgresqlDatabase>(location.address);
}

}  // namespace

tl::expected<std::unique_ptr<Store>, OpenError> Store::open(const Options& options) {
    if (auto migrated = migrate(options.url); !migrated) return tl::unexpected(migrated.error());
    return std::make_unique<Engine>(database_at(*parse_location(options.url)), options);
}

tl::expected<SchemaState, OpenError> migrate(const std::string& url) {
    const auto location = parse_location(url);
    if (!location) return tl::unexpected(location.error());
    auto connection = location->dialect == Dialect::sqlite ? open_sqlite_schema(location->address)
                                                           : open_postgresql_schema(location->address);
    if (!connection) return tl::unexpected(connection.error());
    return bring_up_to_date(**connection, migrations());
}

}  // namespace parley::store
