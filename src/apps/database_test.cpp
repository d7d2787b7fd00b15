#include "apps/database.hpp"

#include <sys/stat.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/temporary_folder.hpp"

namespace parley::apps {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class AppDatabase : public testing::Test {
protected:
    Database make() {
        auto database = Database::open_or_make(path_);
        EXPECT_TRUE(database) << (database ? "" : database.error());
        return std::move(*database);
    }

    store::test::TemporaryFolder folder_;
    std::string path_ = (folder_.path() / "apps.db").string();
};

StoredApp example(std::string id, std::string key) {
    return {.id = std::move(id),
            .key = std::move(key),
            .name = "An app",
            .secret = "new",
            .previous_secret = "old",
            .previous_secret_until = 77,
            .enabled = false,
            .settings = R"({"max_connections":3})"};
}

TEST_F(AppDatabase, KeepsApps) {
    auto database = make();
    ASSERT_TRUE(database.insert(example("a", "k")));
    ASSERT_TRUE(database.insert(example("b", "l")));
    const auto apps = make().all();
    ASSERT_TRUE(apps);
    ASSERT_EQ(apps->size(), 2U);
    const auto& app = apps->front();
    EXPECT_EQ(app.id, "a");
    EXPECT_EQ(app.key, "k");
    EXPECT_EQ(app.name, "An app");
    EXPECT_EQ(app.secret, "new");
    EXPECT_EQ(app.previous_secret, "old");
    EXPECT_EQ(app.previous_secret_until, 77);
    EXPECT_FALSE(app.enabled);
    EXPECT_EQ(app.settings, R"({"max_connections":3})");
}

TEST_F(AppDatabase, IsForItsOwnerAlone) {
    auto database = make();
    struct stat status{};
    ASSERT_EQ(stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(AppDatabase, RefusesASecondAppWithAnIdOrAKey) {
    auto database = make();
    ASSERT_TRUE(database.insert(example("a", "k")));
    EXPECT_THAT(database.insert(example("a", "l")).error(), HasSubstr("an app with the id 'a' already"));
    EXPECT_THAT(database.insert(example("b", "k")).error(), HasSubstr("the app 'a' has the key 'k' already"));
    EXPECT_EQ(database.all()->size(), 1U);
}

TEST_F(AppDatabase, EditsOrLeavesAsItWas) {
    auto database = make();
    ASSERT_TRUE(database.insert(example("shop", "k")));
    const auto edited = database.edit("shop", [](StoredApp& app) -> tl::expected<void, Refusal> {
        app.enabled = true;
        return {};
    });
    ASSERT_TRUE(edited);
    EXPECT_TRUE(edited->enabled);
    const auto refused = database.edit("shop", [](StoredApp& app) -> tl::expected<void, Refusal> {
        app.enabled = false;
        return tl::unexpected(Refusal("no"));
    });
    EXPECT_EQ(refused.error(), "no");
    EXPECT_TRUE(database.find("shop")->enabled);
    EXPECT_THAT(database.find("shpo").error(), HasSubstr("there is no app 'shpo'; did you mean 'shop'?"));
    EXPECT_FALSE(database.edit("x", [](StoredApp&) -> tl::expected<void, Refusal> { return {}; }));
}

TEST_F(AppDatabase, Erases) {
    auto database = make();
    ASSERT_TRUE(database.insert(example("a", "k")));
    ASSERT_TRUE(database.erase("a"));
    EXPECT_FALSE(database.erase("a"));
    EXPECT_THAT(*database.all(), IsEmpty());
}

TEST_F(AppDatabase, TellsWhenSomebodyElseHasChangedIt) {
    auto writer = make();
    auto reader = Database::open(path_);
    ASSERT_TRUE(reader) << reader.error();
    const auto before = reader->version();
    EXPECT_EQ(*reader->version(), *before);
    ASSERT_TRUE(writer.insert(example("a", "k")));
    EXPECT_NE(*reader->version(), *before);
}

TEST_F(AppDatabase, RefusesWhatIsNoDatabaseOfApps) {
    EXPECT_FALSE(Database::open(path_));
    std::ofstream(path_)
        << "This is a text and not a database, which begins otherwise than with these words.";
    EXPECT_FALSE(Database::open(path_));
    EXPECT_FALSE(Database::open_or_make(path_));
}

}  // namespace
}  // namespace parley::apps
