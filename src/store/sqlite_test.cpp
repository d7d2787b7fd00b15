#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <future>
#include <string>

#include <gtest/gtest.h>

#include "store/sqlite_file.hpp"
#include "store/store.hpp"
#include "store/test_support.hpp"

namespace parley::store {
namespace {

using namespace std::chrono_literals;

const Statement insert_user(
    "INSERT INTO users (name, email, email_key, password_hash, created_at, updated_at) "
    "VALUES ($1, $1, $1, $2, 0, 0)");
const Statement count_users("SELECT COUNT(*) FROM users");
const Statement matches("SELECT COUNT(*) FROM message_index WHERE message_index MATCH $1");
const Statement setting("SELECT * FROM pragma_foreign_keys, pragma_synchronous, pragma_journal_mode");
const Statement double_quoted("SELECT \"text\"");

std::int64_t add_user(Transaction& tx, std::string_view name, std::string_view password_hash = "") {
    return tx.execute(insert_user, {name, password_hash});
}

std::int64_t user_count(Store& store) {
    return store.read_and_wait([](Transaction& tx) { return *tx.query_integer(count_users); }).value();
}

std::int64_t match_count(Store& store, std::string_view word) {
    return store.read_and_wait([&](Transaction& tx) { return *tx.query_integer(matches, {word}); }).value();
}

std::string path_of(const test::FreshDatabase& database) { return database.url().substr(7); }

class SqliteTest : public testing::Test {
protected:
    test::FreshStore store_{Dialect::sqlite};
};

TEST_F(SqliteTest, MakesFilesForTheOwnerAlone) {
    ASSERT_TRUE(store_->write_and_wait([](Transaction& tx) { return add_user(tx, "ann"); }));
    for (const auto* suffix : {"", "-wal", "-shm"}) {
        struct stat status{};
        ASSERT_EQ(::stat((path_of(store_.database()) + suffix).c_str(), &status), 0) << suffix;
        EXPECT_EQ(status.st_mode & 0777U, 0600U) << suffix;
    }
}

TEST_F(SqliteTest, IsDurableStrictAndChecksReferences) {
    const auto rows = store_->write_and_wait([](Transaction& tx) { return tx.query(setting); }).value();
    EXPECT_EQ(rows.front().integer(0), 1);
    EXPECT_EQ(rows.front().integer(1), 2) << "FULL";
    EXPECT_EQ(rows.front().text(2), "wal");
    EXPECT_EQ(store_->read_and_wait([](Transaction& tx) { return tx.query(double_quoted); }).error(),
              Error::failed)
        << "double quotes are for names alone";
}

TEST_F(SqliteTest, FindsMessagesByTheirWordsAfterTheCommit) {
    const auto index = [this](std::string_view before, std::string_view after) {
        return store_->write_and_wait(
            [=](Transaction& tx) { return tx.index_message(7, before, after), Nothing(); });
    };
    ASSERT_TRUE(index("", "Grüße aus Köln"));
    EXPECT_EQ(match_count(*store_, "grusse OR koln"), 1);
    ASSERT_TRUE(index("Grüße aus Köln", "Hello"));
    EXPECT_EQ(match_count(*store_, "koln"), 0);
    EXPECT_EQ(match_count(*store_, "hello"), 1);
    ASSERT_TRUE(index("Hello", ""));
    EXPECT_EQ(match_count(*store_, "hello"), 0);
}

TEST_F(SqliteTest, IndexesNothingOfAFunctionThatFailed) {
    const auto refused = store_->write_and_wait([](Transaction& tx) -> tl::expected<int, int> {
        tx.index_message(1, "", "lost");
        return tl::unexpected(0);
    });
    ASSERT_FALSE(refused.value().has_value());
    ASSERT_TRUE(
        store_->write_and_wait([](Transaction& tx) { return tx.index_message(2, "", "kept"), Nothing(); }));
    EXPECT_EQ(match_count(*store_, "lost"), 0);
    EXPECT_EQ(match_count(*store_, "kept"), 1);
}

TEST_F(SqliteTest, WaitsForAnotherProcessThatWrites) {
    auto other = SqliteFile::open(path_of(store_.database()), Store::Access::write).value();
    other.run("BEGIN IMMEDIATE");
    auto added = std::async(std::launch::async, [this] {
        return store_->write_and_wait([](Transaction& tx) { return add_user(tx, "ann"); });
    });
    // Longer than one attempt, so that the store tries again.
    EXPECT_EQ(added.wait_for(std::chrono::milliseconds(2 * SqliteFile::busy_wait_ms)),
              std::future_status::timeout);
    other.run("COMMIT");
    EXPECT_TRUE(added.get().has_value());
}

TEST_F(SqliteTest, LosesPatienceWithAnotherProcessThatNeverEnds) {
    store_.reopen({.patience_ms = 300});
    auto other = SqliteFile::open(path_of(store_.database()), Store::Access::write).value();
    other.run("BEGIN IMMEDIATE");
    const auto add = [this] {
        return store_->write_and_wait([](Transaction& tx) { return add_user(tx, "ann"); });
    };
    EXPECT_EQ(add().error(), Error::unavailable);
    EXPECT_EQ(add().error(), Error::unavailable) << "one that comes while the database is away";
    EXPECT_EQ(user_count(*store_), 0) << "readers go on";
    other.run("COMMIT");
    EXPECT_TRUE(add().has_value());
}

TEST_F(SqliteTest, FailsWhatADiskHasNoRoomForAndGoesOn) {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit full = before;
    full.rlim_cur = 1'000'000;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    const std::string large(5'000'000, 'x');
    const auto refused =
        store_->write_and_wait([&large](Transaction& tx) { return add_user(tx, "large", large); });
    const auto small = store_->write_and_wait([](Transaction& tx) { return add_user(tx, "small"); });
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    EXPECT_EQ(refused.error(), Error::failed);
    EXPECT_TRUE(small.has_value());
    EXPECT_TRUE(store_->write_and_wait([&large](Transaction& tx) { return add_user(tx, "large", large); }));
    store_.reopen();
    EXPECT_EQ(user_count(*store_), 2);
}

TEST(SqliteOpen, SaysWhatIsWrongWithAPath) {
    struct Case {
        std::string url;
        std::string part;
    };
    const test::TemporaryFolder folder;
    const auto in_folder = [&folder](const std::string& name) {
        return "sqlite:" + (folder.path() / name).string();
    };
    const auto text = (folder.path() / "text.db").string();
    const int fd = ::open(text.c_str(), O_CREAT | O_WRONLY, 0600);
    const std::string content(4'096, 'x');
    ASSERT_EQ(::write(fd, content.data(), content.size()), 4'096);
    ::close(fd);
    for (const auto& [url, part] :
         {Case{in_folder("missing/parley.db"), "its folder must exist"},
          Case{in_folder("text.db"), "not a database"}, Case{in_folder(""), "cannot be"},
          Case{"sqlite:", "names no file"}, Case{"sqlite::memory:", "would not survive"},
          Case{"mysql://localhost", "must begin with"}, Case{"", "must begin with"}}) {
        const auto store = Store::open({.url = url});
        ASSERT_FALSE(store.has_value()) << url;
        EXPECT_NE(store.error().message.find(part), std::string::npos) << store.error().message;
    }
}

}  // namespace
}  // namespace parley::store
