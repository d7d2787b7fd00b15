#include <memory>

#include "store/backup_target.hpp"
#include "store/sqlite_file.hpp"
#include "store/transaction.hpp"

namespace parley::store {
namespace {

const Statement hold_snapshot("SELECT COUNT(*) FROM sqlite_schema");

struct Finish {
    void operator()(sqlite3_backup* copying) const { sqlite3_backup_finish(copying); }
};
struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
};

constexpr int step_pages = 1'024;  // 4 MiB

/// Copies what `source` sees, page by page. Result code of SQLite.
int copy_pages(sqlite3* source, sqlite3* target) {
    const std::unique_ptr<sqlite3_backup, Finish> copying(
        sqlite3_backup_init(target, "main", source, "main"));
    if (!copying) return sqlite3_extended_errcode(target);
    int result = SQLITE_OK;
    while (result == SQLITE_OK) result = sqlite3_backup_step(copying.get(), step_pages);
    return result == SQLITE_DONE ? SQLITE_OK : result;
}

}  // namespace

tl::expected<void, OpenError> copy_sqlite(const std::string& database_path, const std::string& copy_path) {
    auto source = SqliteFile::open(database_path, Store::Access::read);
    if (!source) return tl::unexpected(source.error());
    sqlite3* raw = nullptr;
    int result =
        sqlite3_open_v2(copy_path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    const std::unique_ptr<sqlite3, Close> target(raw);
    try {
        // A snapshot: without one the copy would begin anew at every commit of the server. It keeps nobody
        // from writing; only the log grows until the copy is done.
        source->run("BEGIN");
        source->query(hold_snapshot);
    } catch (const Failure& failure) {
        return tl::unexpected(OpenError{"the database cannot be copied: " + failure.reason});
    }
    if (result == SQLITE_OK) result = copy_pages(source->handle(), target.get());
    if (result != SQLITE_OK)
        return tl::unexpected(
            OpenError{std::string("the database cannot be copied: ") + sqlite3_errstr(result)});
    return {};
}

}  // namespace parley::store
