#include "store/sqlite_database.hpp"

#include <array>
#include <optional>
#include <vector>

#include "base/check.hpp"
#include "store/sqlite_file.hpp"

namespace parley::store {
namespace {

const Statement begin_write("BEGIN IMMEDIATE");
const Statement begin_read("BEGIN");
const Statement commit_all("COMMIT");
const Statement roll_back_all("ROLLBACK");
const Statement open_savepoint("SAVEPOINT task");
const Statement release_savepoint("RELEASE task");
const Statement return_to_savepoint("ROLLBACK TO task");
const Statement read_change("SELECT value FROM change_sequence");
const Statement write_change("UPDATE change_sequence SET value = $1");
const Statement unindex("INSERT INTO message_index (message_index, rowid, body) VALUES ('delete', $1, $2)");
const Statement index("INSERT INTO message_index (rowid, body) VALUES ($1, $2)");

class SqliteConnection final : public Connection, private Transaction {
public:
    SqliteConnection(SqliteFile file, Store::Access access) : file_(std::move(file)), access_(access) {}

    Transaction& transaction() override { return *this; }

    void begin() override {
        change_.reset();
        indexings_.clear();
        file_.execute(access_ == Store::Access::write ? begin_write : begin_read);
    }

    void begin_task() override {
        indexings_kept_ = indexings_.size();
        file_.execute(open_savepoint);
    }

    void keep_task() override { file_.execute(release_savepoint); }

    void drop_task() override {
        file_.execute(return_to_savepoint);
        file_.execute(release_savepoint);
        indexings_.resize(indexings_kept_);
    }

    Committed commit() override {
        if (change_) file_.execute(write_change, std::array{Parameter(*change_)});
        // Not in the savepoints: FTS5 writes what it has collected as a segment of its own at the end of
        // each.
        for (const auto& indexing : indexings_) apply(indexing);
        file_.execute(commit_all);
        return Committed::yes;
    }

    void roll_back() override {
        if (file_.in_transaction()) file_.execute(roll_back_all);
    }

private:
    struct Indexing {
        std::int64_t message_id = 0;
        std::string old_body;
        std::string new_body;
    };

    Rows query(const Statement& statement, std::span<const Parameter> parameters) override {
        return file_.query(statement, parameters);
    }

    std::int64_t execute(const Statement& statement, std::span<const Parameter> parameters) override {
        return file_.execute(statement, parameters);
    }

    std::int64_t next_change() override {
        PARLEY_CHECK(access_ == Store::Access::write, "a reader makes no changes");
        if (!change_) change_ = file_.query(read_change).front().integer(0);
        return ++*change_;
    }

    void index_message(std::int64_t message_id, std::string_view old_body,
                       std::string_view new_body) override {
        PARLEY_CHECK(access_ == Store::Access::write, "a reader makes no changes");
        if (old_body != new_body)
            indexings_.push_back({message_id, std::string(old_body), std::string(new_body)});
    }

    [[nodiscard]] Dialect dialect() const override { return Dialect::sqlite; }

    /// The index has no copy of the bodies, so that it must be told what to forget.
    void apply(const Indexing& indexing) {
        const auto& [message_id, old_body, new_body] = indexing;
        if (!old_body.empty()) file_.execute(unindex, std::array<Parameter, 2>{message_id, old_body});
        if (!new_body.empty()) file_.execute(index, std::array<Parameter, 2>{message_id, new_body});
    }

    SqliteFile file_;
    Store::Access access_;
    std::optional<std::int64_t> change_;  // the last one of this transaction
    std::vector<Indexing> indexings_;
    std::size_t indexings_kept_ = 0;  // of earlier tasks
};

}  // namespace

tl::expected<std::unique_ptr<Connection>, OpenError> SqliteDatabase::connect(Store::Access access,
                                                                             const GoOn& /*go_on*/) const {
    auto file = SqliteFile::open(path_, access);
    if (!file) return tl::unexpected(file.error());
    return std::make_unique<SqliteConnection>(std::move(*file), access);
}

}  // namespace parley::store
