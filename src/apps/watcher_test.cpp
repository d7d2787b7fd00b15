#include "apps/watcher.hpp"

#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "store/temporary_folder.hpp"

namespace parley::apps {
namespace {

using testing::ElementsAre;

class AppWatcher : public testing::Test {
protected:
    std::vector<std::string> ids() const {
        std::vector<std::string> all;
        for (const auto& app : watcher_.apps()) all.push_back(app.id);
        return all;
    }

    void insert(const std::string& id) const {
        auto database = Database::open_or_make(path_);
        ASSERT_TRUE(database) << database.error();
        ASSERT_TRUE(database->insert({.id = id, .key = id + "-key", .secret = "s"}));
    }

    void edit(const std::string& id, const std::function<void(StoredApp&)>& change) const {
        auto database = Database::open_or_make(path_);
        ASSERT_TRUE(database->edit(id, [&](StoredApp& app) -> tl::expected<void, Refusal> {
            change(app);
            return {};
        }));
    }

    store::test::TemporaryFolder folder_;
    std::string path_ = (folder_.path() / "apps.db").string();
    ManualClock clock_;
    Watcher watcher_{path_, List({config::App()}, 10, path_), clock_};
};

TEST_F(AppWatcher, NoticesThatTheFileIsMadeAndChanges) {
    ASSERT_TRUE(watcher_.read());
    EXPECT_THAT(ids(), ElementsAre("app-id"));
    EXPECT_FALSE(watcher_.look());
    insert("a");
    EXPECT_TRUE(watcher_.look());
    EXPECT_THAT(ids(), ElementsAre("app-id", "a"));
    EXPECT_FALSE(watcher_.look());
    insert("b");
    EXPECT_TRUE(watcher_.look());
    EXPECT_THAT(ids(), ElementsAre("app-id", "a", "b"));
}

TEST_F(AppWatcher, ReadsAFileThatIsThere) {
    insert("a");
    ASSERT_TRUE(watcher_.read());
    EXPECT_THAT(ids(), ElementsAre("app-id", "a"));
}

TEST_F(AppWatcher, EndsTheOldSecretInTime) {
    insert("a");
    ASSERT_TRUE(watcher_.read());
    const auto now_s = clock_.unix_ms() / 1000;
    edit("a", [&](StoredApp& app) {
        app.previous_secret = "old";
        app.previous_secret_until = now_s + 10;
    });
    EXPECT_TRUE(watcher_.look());
    EXPECT_EQ(watcher_.apps().back().previous_secret, "old");
    EXPECT_FALSE(watcher_.look());
    clock_.advance_ms(10'000);
    EXPECT_TRUE(watcher_.look());
    EXPECT_EQ(watcher_.apps().back().previous_secret, "");
    EXPECT_FALSE(watcher_.look());
}

TEST_F(AppWatcher, KeepsTheAppsWithoutTheFileAndNoticesAnotherOne) {
    insert("a");
    ASSERT_TRUE(watcher_.read());
    for (const auto* const part : {"", "-wal", "-shm"}) unlink((path_ + part).c_str());
    EXPECT_FALSE(watcher_.look());
    EXPECT_THAT(ids(), ElementsAre("app-id", "a"));
    insert("b");
    EXPECT_TRUE(watcher_.look());
    EXPECT_THAT(ids(), ElementsAre("app-id", "b"));
}

TEST_F(AppWatcher, RefusesToBeginWithAFileThatIsNoDatabase) {
    std::ofstream(path_)
        << "This is a text and not a database, which begins otherwise than with these words.";
    EXPECT_FALSE(watcher_.read());
    EXPECT_FALSE(watcher_.look());
}

TEST_F(AppWatcher, LooksOnAThreadOfItsOwn) {
    ASSERT_TRUE(watcher_.read());
    std::mutex mutex;
    std::condition_variable told;
    std::size_t count = 0;
    watcher_.start([&](const std::vector<config::App>& apps) {
        const std::lock_guard lock(mutex);
        count = apps.size();
        told.notify_all();
    });
    insert("a");
    std::unique_lock lock(mutex);
    EXPECT_TRUE(told.wait_for(lock, std::chrono::seconds(30), [&] { return count == 2; }));
    lock.unlock();
    watcher_.stop();
}

}  // namespace
}  // namespace parley::apps
