#include "store/postgresql_database.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include "base/check.hpp"
#include "store/postgresql_session.hpp"

namespace parley::store {
namespace {

/// Each statement sees what was committed before it, so the first behind the lock sees all that earlier
/// holders of the lock wrote.
const Statement begin_write("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
const Statement begin_read("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
const Statement take_turn("SELECT pg_advisory_xact_lock(8097873465121)");
const Statement commit_all("COMMIT");
const Statement roll_back_all("ROLLBACK");
const Statement open_savepoint("SAVEPOINT task");
const Statement release_savepoint("RELEASE SAVEPOINT task");
const Statement return_to_savepoint("ROLLBACK TO SAVEPOINT task");
const Statement read_change("SELECT value FROM change_sequence");
const Statement write_change("UPDATE change_sequence SET value = $1");

// Types that are read as integers, by their numbers in pg_type, which never change.
constexpr Oid oid_bool = 16;
constexpr Oid oid_int8 = 20;
constexpr Oid oid_int2 = 21;
constexpr Oid oid_int4 = 23;

void append_cell(Rows& rows, const PGresult* result, int row, int column) {
    if (PQgetisnull(result, row, column) != 0) return rows.append_null();
    const std::string_view text(PQgetvalue(result, row, column),
                                static_cast<std::size_t>(PQgetlength(result, row, column)));
    const Oid type = PQftype(result, column);
    if (type == oid_bool) return rows.append_integer(text == "t" ? 1 : 0);
    if (type != oid_int8 && type != oid_int4 && type != oid_int2) return rows.append_text(text);
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    rows.append_integer(value);
}

Rows rows_of(const PGresult* result) {
    const int columns = PQnfields(result);
    Rows rows(static_cast<std::size_t>(columns));
    for (int row = 0; row < PQntuples(result); ++row)
        for (int column = 0; column < columns; ++column) append_cell(rows, result, row, column);
    return rows;
}

std::int64_t changes_of(PGresult* result) {
    if (std::string_view(PQcmdStatus(result)).starts_with("SELECT")) return 0;
    const std::string_view text = PQcmdTuples(result);
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

class PostgresqlConnection final : public Connection, private Transaction {
public:
    PostgresqlConnection(PostgresqlSession session, Store::Access access)
        : session_(std::move(session)), access_(access) {}

    Transaction& transaction() override { return *this; }

    void begin() override {
        open_ = false;
        change_used_ = false;
        if (access_ == Store::Access::read) return session_.enqueue(begin_read);
        session_.enqueue(begin_write);
        session_.enqueue(take_turn);
        session_.enqueue(read_change, {}, &change_);
    }

    void begin_task() override {
        refused_ = false;
        session_.enqueue(open_savepoint);
    }

    void keep_task() override {
        if (did_nothing()) return session_.take_back_last();
        session_.enqueue(release_savepoint);
    }

    void drop_task() override {
        if (did_nothing()) return session_.take_back_last();
        session_.enqueue(return_to_savepoint);
        session_.enqueue(release_savepoint);
        // Whether the transaction can go on at all must be known before the next task is blamed.
        if (refused_) session_.exchange();
    }

    Committed commit() override {
        if (!open_) {
            session_.take_back_all();
            return Committed::yes;
        }
        if (change_used_) session_.enqueue(write_change, std::array{Parameter(change_)});
        session_.enqueue(commit_all);
        try {
            const auto result = session_.exchange();
            if (PQcmdStatus(result.get()) != std::string_view("COMMIT"))
                throw Failure{.kind = Failure::Kind::refused, .reason = "the transaction had failed before"};
            return Committed::yes;
        } catch (const Failure& failure) {
            if (failure.kind == Failure::Kind::refused) throw;
            return Committed::unknown;
        }
    }

    void roll_back() override {
        session_.take_back_all();
        if (!open_) return;
        session_.enqueue(roll_back_all);
        session_.exchange();
    }

private:
    /// Of the open task: its savepoint has not even been sent.
    [[nodiscard]] bool did_nothing() const { return session_.waits_last(open_savepoint); }

    PostgresqlSession::Result answer() {
        open_ = true;
        try {
            return session_.exchange();
        } catch (const Failure&) {
            refused_ = true;
            throw;
        }
    }

    Rows query(const Statement& statement, std::span<const Parameter> parameters) override {
        session_.enqueue(statement, parameters);
        return rows_of(answer().get());
    }

    std::int64_t execute(const Statement& statement, std::span<const Parameter> parameters) override {
        session_.enqueue(statement, parameters);
        return changes_of(answer().get());
    }

    std::int64_t next_change() override {
        PARLEY_CHECK(access_ == Store::Access::write, "a reader makes no changes");
        if (!open_) answer();
        change_used_ = true;
        return ++change_;
    }

    /// The column messages.body_index is generated from the body.
    void index_message(std::int64_t, std::string_view, std::string_view) override {
        PARLEY_CHECK(access_ == Store::Access::write, "a reader makes no changes");
    }

    [[nodiscard]] Dialect dialect() const override { return Dialect::postgresql; }

    PostgresqlSession session_;
    Store::Access access_;
    bool open_ = false;     // the server has heard of the transaction
    bool refused_ = false;  // a statement of the open task
    std::int64_t change_ = 0;
    bool change_used_ = false;
};

}  // namespace

tl::expected<std::unique_ptr<Connection>, OpenError> PostgresqlDatabase::connect(Store::Access access,
                                                                                 const GoOn& go_on) const {
    auto session = PostgresqlSession::open(url_, access, go_on);
    if (!session) return tl::unexpected(session.error());
    return std::make_unique<PostgresqlConnection>(std::move(*session), access);
}

}  // namespace parley::store
