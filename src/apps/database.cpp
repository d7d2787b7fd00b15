#include "apps/database.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "config/nearest_name.hpp"
#include "store/sqlite_file.hpp"
#include "store/transaction.hpp"

namespace parley::apps {

namespace {

using store::Parameter;
using store::Statement;

constexpr std::int64_t schema_version = 1;
constexpr const char* schema = R"(
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS app (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        key TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL DEFAULT '',
        secret TEXT NOT NULL,
        previous_secret TEXT NOT NULL DEFAULT '',
        previous_secret_until INTEGER NOT NULL DEFAULT 0,
        enabled INTEGER NOT NULL DEFAULT 1,
        settings TEXT NOT NULL DEFAULT '{}'
    ) STRICT;
    PRAGMA user_version = 1;
    COMMIT;)";

const Statement read_schema_version("PRAGMA user_version");
const Statement read_version("PRAGMA data_version");
const Statement begin("BEGIN IMMEDIATE");
const Statement commit("COMMIT");
const Statement roll_back("ROLLBACK");
const Statement select_all(
    "SELECT id, key, name, secret, previous_secret, previous_secret_until, enabled, settings FROM app "
    "ORDER BY number");
const Statement insert_app(
    "INSERT INTO app (id, key, name, secret, previous_secret, previous_secret_until, enabled, settings) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
const Statement update_app(
    "UPDATE app SET key = $2, name = $3, secret = $4, previous_secret = $5, previous_secret_until = $6, "
    "enabled = $7, settings = $8 WHERE id = $1");
const Statement delete_app("DELETE FROM app WHERE id = $1");

StoredApp app_of(const store::Row& row) {
    return {.id = std::string(row.text(0)),
            .key = std::string(row.text(1)),
            .name = std::string(row.text(2)),
            .secret = std::string(row.text(3)),
            .previous_secret = std::string(row.text(4)),
            .previous_secret_until = row.integer(5),
            .enabled = row.integer(6) != 0,
            .settings = std::string(row.text(7))};
}

std::array<Parameter, 8> parameters_of(const StoredApp& app) {
    return {app.id,      app.key,     app.name, app.secret, app.previous_secret, app.previous_secret_until,
            app.enabled, app.settings};
}

Refusal no_app(std::string_view id, const std::vector<StoredApp>& apps) {
    std::vector<std::string> ids;
    for (const auto& app : apps) ids.push_back(app.id);
    return fmt::format("there is no app '{}'{}", id, config::suggestion(id, ids));
}

const StoredApp* find_app(const std::vector<StoredApp>& apps, std::string_view id) {
    for (const auto& app : apps)
        if (app.id == id) return &app;
    return nullptr;
}

}  // namespace

struct Database::State {
    State(store::SqliteFile opened, std::string file_path)
        : file(std::move(opened)), path(std::move(file_path)) {}

    /// What `work` returns; a failure of SQLite as a refusal.
    template <class Work>
    auto run(Work work) -> decltype(work()) {
        try {
            return work();
        } catch (const store::Failure& failure) {
            const auto hint = failure.kind == store::Failure::Kind::connection_lost
                                  ? " Another process has it locked; try again."
                                  : "";
            return tl::unexpected(fmt::format("{}: {}.{}", path, failure.reason, hint));
        }
    }

    /// `work` in a writing transaction, which is taken back when it refuses.
    template <class Work>
    auto change(Work work) -> decltype(work()) {
        return run([&]() -> decltype(work()) {
            file.execute(begin);
            const End end(file);
            auto outcome = work();
            if (outcome) file.execute(commit);
            return outcome;
        });
    }

    std::vector<StoredApp> all() {
        std::vector<StoredApp> apps;
        for (const auto& row : file.query(select_all)) apps.push_back(app_of(row));
        return apps;
    }

    store::SqliteFile file;
    std::string path;

private:
    /// Takes back what was not committed.
    class End {
    public:
        explicit End(store::SqliteFile& file) : file_(file) {}
        ~End() {
            if (!file_.in_transaction()) return;
            try {
                file_.execute(roll_back);
            } catch (const store::Failure&) {
                // The connection is as good as closed; closing it takes everything back.
            }
        }
        End(const End&) = delete;
        End& operator=(const End&) = delete;

    private:
        store::SqliteFile& file_;
    };
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

tl::expected<Database, Refusal> Database::open(const std::string& path) {
    auto file = store::SqliteFile::open(path, store::Store::Access::read);
    if (!file) return tl::unexpected(file.error().message + '.');
    Database database(std::make_unique<State>(std::move(*file), path));
    auto& state = *database.state_;
    const auto checked = state.run([&]() -> tl::expected<void, Refusal> {
        const auto version = state.file.query(read_schema_version).front().integer(0);
        if (version == schema_version) return {};
        return tl::unexpected(
            fmt::format("{}: is no database of apps that this version knows (schema {}, "
                        "not {}).",
                        path, version, schema_version));
    });
    if (!checked) return tl::unexpected(checked.error());
    return database;
}

tl::expected<Database, Refusal> Database::open_or_make(const std::string& path) {
    auto file = store::SqliteFile::open(path, store::Store::Access::write);
    if (!file) return tl::unexpected(file.error().message + '.');
    Database database(std::make_unique<State>(std::move(*file), path));
    auto& state = *database.state_;
    const auto made = state.run([&]() -> tl::expected<void, Refusal> {
        const auto version = state.file.query(read_schema_version).front().integer(0);
        if (version > schema_version)
            return tl::unexpected(fmt::format("{}: was made by a newer version (schema {}, not {}).", path,
                                              version, schema_version));
        if (version < schema_version) state.file.run(schema);
        return {};
    });
    if (!made) return tl::unexpected(made.error());
    return database;
}

tl::expected<std::vector<StoredApp>, Refusal> Database::all() {
    return state_->run([this]() -> tl::expected<std::vector<StoredApp>, Refusal> { return state_->all(); });
}

tl::expected<StoredApp, Refusal> Database::find(std::string_view id) {
    return state_->run([&]() -> tl::expected<StoredApp, Refusal> {
        const auto apps = state_->all();
        const auto* const found = find_app(apps, id);
        if (found == nullptr) return tl::unexpected(no_app(id, apps));
        return *found;
    });
}

tl::expected<std::int64_t, Refusal> Database::version() {
    return state_->run([this]() -> tl::expected<std::int64_t, Refusal> {
        return state_->file.query(read_version).front().integer(0);
    });
}

tl::expected<void, Refusal> Database::insert(const StoredApp& app) {
    return state_->change([&]() -> tl::expected<void, Refusal> {
        for (const auto& other : state_->all()) {
            if (other.id == app.id)
                return tl::unexpected(fmt::format("there is an app with the id '{}' already.", app.id));
            if (other.key == app.key)
                return tl::unexpected(
                    fmt::format("the app '{}' has the key '{}' already.", other.id, app.key));
        }
        state_->file.execute(insert_app, parameters_of(app));
        return {};
    });
}

tl::expected<StoredApp, Refusal> Database::edit(std::string_view id, const Edit& edit) {
    return state_->change([&]() -> tl::expected<StoredApp, Refusal> {
        const auto apps = state_->all();
        const auto* const found = find_app(apps, id);
        if (found == nullptr) return tl::unexpected(no_app(id, apps));
        StoredApp app = *found;
        if (auto edited = edit(app); !edited) return tl::unexpected(edited.error());
        state_->file.execute(update_app, parameters_of(app));
        return app;
    });
}

tl::expected<void, Refusal> Database::erase(std::string_view id) {
    return state_->change([&]() -> tl::expected<void, Refusal> {
        const auto apps = state_->all();
        if (find_app(apps, id) == nullptr) return tl::unexpected(no_app(id, apps));
        state_->file.execute(delete_app, std::array<Parameter, 1>{id});
        return {};
    });
}

}  // namespace parley::apps
