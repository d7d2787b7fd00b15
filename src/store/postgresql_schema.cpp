#include <string>
#include <string_view>
#include <utility>

#include "store/migrator.hpp"
#include "store/postgresql_session.hpp"

namespace parley::store {
namespace {

class PostgresqlSchema final : public SchemaConnection {
public:
    explicit PostgresqlSchema(PostgresqlSession session) : session_(std::move(session)) {}

    void begin() override {
        session_.run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
        session_.run("SELECT pg_advisory_xact_lock(8097873465122)");
    }

    /// Looks before it makes anything: a role that may not make tables can use a schema that is complete.
    std::int64_t version() override {
        const auto table = session_.run("SELECT to_regclass('schema_version')");
        if (PQgetisnull(table.get(), 0, 0) != 0) return 0;
        const auto version = session_.run("SELECT version FROM schema_version");
        return PQntuples(version.get()) == 0 ? 0 : std::stoll(PQgetvalue(version.get(), 0, 0));
    }

    void apply(const Migration& migration) override {
        try {
            session_.run(std::string(migration.postgresql).c_str());
        } catch (Failure& failure) {
            failure.reason = std::string(migration.name) + ": " + failure.reason;
            throw;
        }
        session_.run("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)");
        session_.run("DELETE FROM schema_version");
        session_.run(
            ("INSERT INTO schema_version VALUES (" + std::to_string(migration.version) + ")").c_str());
    }

    void commit() override { session_.run("COMMIT"); }
    void roll_back() override { session_.run("ROLLBACK"); }

private:
    PostgresqlSession session_;
};

}  // namespace

tl::expected<std::unique_ptr<SchemaConnection>, OpenError> open_postgresql_schema(const std::string& url) {
    auto session = PostgresqlSession::open(url, Store::Access::write, [] { return true; });
    if (!session) return tl::unexpected(session.error());
    return std::make_unique<PostgresqlSchema>(std::move(*session));
}

}  // namespace parley::store
