#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "store/store.hpp"
#include "store/test_support.hpp"

namespace parley::store {
namespace {

using namespace std::chrono_literals;

const Statement insert_user(
    "INSERT INTO users (name, email, email_key, password_hash, created_at, updated_at) "
    "VALUES ($1, $1, $1, '', CAST($2 AS BIGINT), 0)");
const Statement count_users("SELECT COUNT(*), MAX(created_at) FROM users");

class BackupTest : public testing::TestWithParam<Dialect> {
protected:
    /// The database into which a backup was restored.
    std::string restored(const std::string& path) {
        if (GetParam() == Dialect::sqlite) return "sqlite:" + path;
        auto& server = test::PostgresqlTestServer::instance();
        const auto url = server.url(server.create_database());
        test::PostgresqlTestServer::run("pg_restore --no-password --exit-on-error --dbname=\"$0\" \"$1\"",
                                        {url, path});
        return url;
    }

    test::FreshStore store_{GetParam()};
    test::TemporaryFolder folder_;
    std::string path_ = folder_.path() / "copy";
};

INSTANTIATE_TEST_SUITE_P(Databases, BackupTest, testing::ValuesIn(test::databases()), test::name_of_database);

TEST_P(BackupTest, CopiesOneMomentOfADatabaseThatIsWritten) {
    std::atomic<bool> writing{true};
    std::atomic<int> written{0};
    std::thread writer([&] {
        for (; writing; ++written) {
            const auto added = store_->write_and_wait([name = std::to_string(written)](Transaction& tx) {
                return tx.execute(insert_user, {name, tx.next_change()});
            });
            EXPECT_TRUE(added.has_value());
        }
    });
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (written < 100 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    const int least = written;
    const auto made = backup(store_.database().url(), path_);
    const int most = written + 1;
    writing = false;
    writer.join();
    ASSERT_TRUE(made.has_value()) << made.error().message;

    struct stat status{};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    const auto entries = std::filesystem::directory_iterator(folder_.path());
    EXPECT_EQ(std::distance(begin(entries), end(entries)), 1) << "nothing but the backup is left";

    const auto copy = Store::open({.url = restored(path_)});
    ASSERT_TRUE(copy.has_value()) << copy.error().message;
    const auto rows = (*copy)->read_and_wait([](Transaction& tx) { return tx.query(count_users); }).value();
    EXPECT_GE(rows.front().integer(0), least);
    EXPECT_LE(rows.front().integer(0), most);
    EXPECT_EQ(rows.front().integer(0), rows.front().integer(1)) << "a moment between two commits";
}

TEST_P(BackupTest, NeverReplacesAFile) {
    std::ofstream(path_) << "precious";
    const auto made = backup(store_.database().url(), path_);
    ASSERT_FALSE(made.has_value());
    EXPECT_NE(made.error().message.find("exists already"), std::string::npos) << made.error().message;
    EXPECT_EQ(std::filesystem::file_size(path_), 8U);
}

TEST_P(BackupTest, SaysWhyItCannotBeMade) {
    const auto missing_folder = backup(store_.database().url(), (folder_.path() / "no/copy").string());
    ASSERT_FALSE(missing_folder.has_value());
    EXPECT_NE(missing_folder.error().message.find("No such file"), std::string::npos);

    const auto missing_database = backup(store_.database().url() + "-missing", path_);
    ASSERT_FALSE(missing_database.has_value());
    EXPECT_FALSE(missing_database.error().message.empty());
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path())) << "nothing is left behind";
}

}  // namespace
}  // namespace parley::store
