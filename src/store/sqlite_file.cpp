#include "store/sqlite_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

#include "store/transaction.hpp"

namespace parley::store {
namespace {

/// SQLite would make the file readable by everybody. Under a lock, because closing any descriptor of a
/// database drops the locks that this process has on it: nobody may open it before ours is closed.
tl::expected<void, OpenError> create(const std::string& path) {
    static std::mutex creating;
    const std::lock_guard lock(creating);
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        ::close(fd);
    } else if (errno != EEXIST) {
        const auto reason = std::generic_category().message(errno);
        return tl::unexpected(OpenError{"the database file " + path + " cannot be made: " + reason +
                                        (errno == ENOENT ? " (its folder must exist)" : "")});
    }
    return {};
}

void configure(sqlite3* handle) {
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, SqliteFile::busy_wait_ms);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
}

/// No mmap: a disk error would be a signal there, not an answer. The page cache is each connection's own;
/// what does not fit lies in the system's. A checkpoint runs on the writer's thread, because only between its
/// commits does it reach the end of the log, which can then begin anew; so it must be short: 1,000 pages (4
/// MiB) hold the writer up about as long as a commit does. journal_size_limit takes back what a long read
/// made the log grow to.
constexpr const char* settings =
    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -65536; PRAGMA mmap_size = 0;"
    "PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 67108864;";

constexpr const char* reader_settings = "PRAGMA query_only = ON; PRAGMA cache_size = -32768;";

Rows row_by_row(sqlite3_stmt* statement) {
    return Rows(static_cast<std::size_t>(sqlite3_column_count(statement)));
}

void append_row(Rows& rows, sqlite3_stmt* statement) {
    const int count = sqlite3_column_count(statement);
    for (int column = 0; column < count; ++column) {
        const int type = sqlite3_column_type(statement, column);
        if (type == SQLITE_NULL) {
            rows.append_null();
        } else if (type == SQLITE_INTEGER) {
            rows.append_integer(sqlite3_column_int64(statement, column));
        } else {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
            rows.append_text({text, text == nullptr ? 0 : size});
        }
    }
}

/// Returns the result code. The text is borrowed: it lives until the statement is reset.
int bind_value(sqlite3_stmt* statement, int position, const Parameter::Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return sqlite3_bind_int64(statement, position, *integer);
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        // A null pointer would be bound as null.
        const char* begin = text->data() == nullptr ? "" : text->data();
        return sqlite3_bind_text64(statement, position, begin, text->size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    return sqlite3_bind_null(statement, position);
}

/// Resets a statement on every way out, so that no lock and no borrowed text stays behind.
class Use {
public:
    explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
    ~Use() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

private:
    sqlite3_stmt* statement_;
};

}  // namespace

tl::expected<SqliteFile, OpenError> SqliteFile::open(const std::string& path, Store::Access access) {
    const bool writes = access == Store::Access::write;
    if (writes) {
        if (auto made = create(path); !made) return tl::unexpected(made.error());
    }
    sqlite3* handle = nullptr;
    // A reader opens for writing too: it may have to make the shared memory of the log. query_only holds it
    // back.
    const int result =
        sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    SqliteFile file(handle);
    try {
        if (result != SQLITE_OK) file.fail("open");
        configure(handle);
        file.run(settings);
        if (writes) {
            file.run("PRAGMA journal_mode = WAL");
        } else {
            file.run(reader_settings);
        }
    } catch (const Failure& failure) {
        return tl::unexpected(OpenError{"the database file " + path + " cannot be used: " + failure.reason});
    }
    return file;
}

void SqliteFile::run(const char* statements) {
    if (sqlite3_exec(handle_.get(), statements, nullptr, nullptr, nullptr) != SQLITE_OK) fail(statements);
}

Rows SqliteFile::query(const Statement& statement, std::span<const Parameter> parameters) {
    Rows rows = row_by_row(prepare(statement).statement.get());
    step(statement, parameters, [&rows](sqlite3_stmt* prepared) { append_row(rows, prepared); });
    return rows;
}

std::int64_t SqliteFile::execute(const Statement& statement, std::span<const Parameter> parameters) {
    step(statement, parameters, [](sqlite3_stmt*) {});
    // The count of changes is that of the last statement which can change something.
    const bool reads = sqlite3_stmt_readonly(prepare(statement).statement.get()) != 0;
    return reads ? 0 : sqlite3_changes64(handle_.get());
}

template <class EachRow>
void SqliteFile::step(const Statement& statement, std::span<const Parameter> parameters, EachRow each_row) {
    const auto& prepared = prepare(statement);
    auto* const raw = prepared.statement.get();
    const Use use(raw);
    bind(prepared, parameters);
    int result = sqlite3_step(raw);
    for (; result == SQLITE_ROW; result = sqlite3_step(raw)) each_row(raw);
    if (result != SQLITE_DONE) fail(statement.text(Dialect::sqlite));
}

SqliteFile::Prepared& SqliteFile::prepare(const Statement& statement) {
    if (statement.index() >= prepared_.size()) prepared_.resize(statement.index() + 1);
    auto& prepared = prepared_[statement.index()];
    if (prepared.statement) return prepared;
    const auto& text = statement.text(Dialect::sqlite);
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v3(handle_.get(), text.c_str(), static_cast<int>(text.size() + 1),
                           SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK)
        fail(text);
    prepared.statement.reset(raw);
    for (int number = 1; number <= sqlite3_bind_parameter_count(raw); ++number)
        prepared.positions.push_back(
            sqlite3_bind_parameter_index(raw, ("$" + std::to_string(number)).c_str()));
    return prepared;
}

void SqliteFile::bind(const Prepared& prepared, std::span<const Parameter> parameters) const {
    auto* const raw = prepared.statement.get();
    if (parameters.size() != prepared.positions.size())
        throw Failure{.kind = Failure::Kind::refused,
                      .reason = "wrong number of parameters in: " + std::string(sqlite3_sql(raw))};
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (bind_value(raw, prepared.positions[i], parameters[i].value()) != SQLITE_OK)
            fail(sqlite3_sql(raw));
    }
}

void SqliteFile::fail(std::string_view statement) const {
    const int code = sqlite3_extended_errcode(handle_.get());
    const bool busy = (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED;
    throw Failure{.kind = busy ? Failure::Kind::connection_lost : Failure::Kind::refused,
                  .reason = std::string(sqlite3_errmsg(handle_.get())) + " (SQLite " + std::to_string(code) +
                            ") in: " + std::string(statement)};
}

}  // namespace parley::store
