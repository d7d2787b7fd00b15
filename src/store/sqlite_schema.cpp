#include <utility>

#include "store/migrator.hpp"
#include "store/sqlite_file.hpp"

namespace parley::store {
namespace {

const Statement read_version("PRAGMA user_version");

/// How long another process may take for its migrations.
constexpr int migration_wait_ms = 60'000;

class SqliteSchema final : public SchemaConnection {
public:
    explicit SqliteSchema(SqliteFile file) : file_(std::move(file)) {
        sqlite3_busy_timeout(file_.handle(), migration_wait_ms);
    }

    void begin() override { file_.run("BEGIN IMMEDIATE"); }
    std::int64_t version() override { return file_.query(read_version).front().integer(0); }

    void apply(const Migration& migration) override {
        try {
            file_.run(std::string(migration.sqlite).c_str());
        } catch (Failure& failure) {
            // The whole text of the migration stands in the reason otherwise.
            failure.reason = std::string(migration.name) + ": " + sqlite3_errmsg(file_.handle());
            throw;
        }
        file_.run(("PRAGMA user_version = " + std::to_string(migration.version)).c_str());
    }

    void commit() override { file_.run("COMMIT"); }
    void roll_back() override { file_.run("ROLLBACK"); }

private:
    SqliteFile file_;
};

}  // namespace

tl::expected<std::unique_ptr<SchemaConnection>, OpenError> open_sqlite_schema(const std::string& path) {
    auto file = SqliteFile::open(path, Store::Access::write);
    if (!file) return tl::unexpected(file.error());
    return std::make_unique<SqliteSchema>(std::move(*file));
}

}  // namespace parley::store
