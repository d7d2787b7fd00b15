#include "store/migrator.hpp"

#include <string>

#include "base/log.hpp"

namespace parley::store {
namespace {

OpenError newer_schema(std::int64_t version, std::int64_t wanted) {
    return {"the schema of the database has version " + std::to_string(version) +
            ", made by a newer Parley; this one knows versions up to " + std::to_string(wanted) +
            ": use the newer program, or restore the backup from before its migration"};
}

/// Applies the next step. Its version, or that of the schema when none is missing.
std::int64_t step(SchemaConnection& connection, std::span<const Migration> steps) {
    connection.begin();
    const auto version = connection.version();
    if (version < 0 || static_cast<std::size_t>(version) >= steps.size()) {
        connection.roll_back();
        return version;
    }
    const auto& migration = steps[static_cast<std::size_t>(version)];
    connection.apply(migration);
    connection.commit();
    log::info("schema_migrated", {{"version", migration.version}, {"name", migration.name}});
    return migration.version;
}

}  // namespace

tl::expected<SchemaState, OpenError> bring_up_to_date(SchemaConnection& connection,
                                                      std::span<const Migration> steps) {
    const auto wanted = static_cast<std::int64_t>(steps.size());
    try {
        std::int64_t version = step(connection, steps);
        while (version < wanted) version = step(connection, steps);
        if (version > wanted) return tl::unexpected(newer_schema(version, wanted));
        return SchemaState{.version = version, .wanted = wanted};
    } catch (const Failure& failure) {
        return tl::unexpected(
            OpenError{"the schema of the database cannot be brought up to date: " + failure.reason});
    }
}

}  // namespace parley::store
