#include <unistd.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/database.hpp"
#include "cli/commands.hpp"
#include "cli/exit_status.hpp"

namespace parley::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

/// An empty database of apps.
class AppCommand : public testing::Test {
protected:
    AppCommand() {
        std::string pattern = (std::filesystem::temp_directory_path() / "parley-app-XXXXXX").string();
        directory_ = mkdtemp(pattern.data());
        loaded_.settings.apps_database = directory_ / "apps.db";
    }
    ~AppCommand() override { std::filesystem::remove_all(directory_); }

    void insert(const std::string& id, const std::string& settings) {
        auto database = apps::Database::open_or_make(loaded_.settings.apps_database);
        ASSERT_TRUE(database);
        ASSERT_TRUE(database->insert({.id = id, .key = id + "-key", .secret = "s", .settings = settings}));
    }

    /// What the command prints; `status_` is how it ended.
    std::string output_of(const Apps& command) {
        testing::internal::CaptureStdout();
        status_ = run(command, loaded_);
        return testing::internal::GetCapturedStdout();
    }

    config::Loaded loaded_;
    int status_ = -1;

private:
    std::filesystem::path directory_;
};

TEST_F(AppCommand, ListFailsWhenARowIsWrongAndShowsTheOthers) {
    insert("good", "{}");
    EXPECT_THAT(output_of({.action = Apps::Action::list}), HasSubstr("good-key"));
    EXPECT_EQ(status_, success);
    insert("wrong", R"({"max_connections":"many"})");
    EXPECT_THAT(output_of({.action = Apps::Action::list}), HasSubstr("good-key"));
    EXPECT_EQ(status_, failure);
}

TEST_F(AppCommand, ListAndLimitsKeepTheSecretsOfWebhooks) {
    insert("a", R"({"webhooks":[{"url":"https://u:pass@a.test/x?token=t","headers":{"X-Y":"Bearer b"}}]})");
    for (const Apps& command : {Apps{.action = Apps::Action::list, .json = true},
                                Apps{.action = Apps::Action::limits, .id = "a"}}) {
        const auto output = output_of(command);
        EXPECT_EQ(status_, success);
        EXPECT_THAT(output, HasSubstr("https://a.test/x"));
        EXPECT_THAT(output, HasSubstr("(hidden)"));
        for (const auto* const secret : {"pass", "token", "Bearer"})
            EXPECT_THAT(output, Not(HasSubstr(secret)));
    }
}

}  // namespace
}  // namespace parley::cli
