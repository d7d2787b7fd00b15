#include "server/reload.hpp"

#include <filesystem>
#include <fstream>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/temporary_folder.hpp"

namespace parley::server {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// Keeps what it is told.
class KeepingTarget final : public ReloadTarget {
public:
    tl::expected<void, std::string> reread_files(const config::Settings& /*settings*/) override {
        if (!refusal.empty()) return tl::unexpected(refusal);
        return {};
    }
    void reconfigure(const config::Settings& settings) override {
        taken.emplace(settings);
        ++times;
    }
    void reconfigure_apps(std::vector<config::App> list) override { apps = std::move(list); }

    std::string refusal;  // of the files
    std::optional<config::Settings> taken;
    std::vector<config::App> apps;
    int times = 0;
};

class ReloadTest : public testing::Test {
protected:
    void write(const std::string& document) {
        std::ofstream(file_, std::ios::trunc)
            << document << "\n[log]\nformat = \"" << log_format_ << "\"\nlevel = \"" << log_level_ << "\"\n";
    }

    /// Starts with what was written.
    void start() {
        auto loaded = config::load({.config_file = file_});
        ASSERT_TRUE(loaded);
        reloader_.emplace(std::move(*loaded), target_, notifier_);
    }

    /// Reads again; what was logged.
    std::string reload(const std::string& document) {
        write(document);
        testing::internal::CaptureStderr();
        reloader_->reload();
        return testing::internal::GetCapturedStderr();
    }

    std::string log_format_ = "text";
    std::string log_level_ = "info";
    store::test::TemporaryFolder folder_;
    const std::string file_ = folder_.path() / "parley.toml";
    operations::ServiceNotifier notifier_{""};
    KeepingTarget target_;
    std::optional<Reloader> reloader_;
};

TEST_F(ReloadTest, EverySettingThatNeedsARestartIsOne) {
    for (const auto name : settings_that_need_restart())
        EXPECT_NE(config::find_setting(name), nullptr) << name;
}

TEST_F(ReloadTest, TakesOverAndPrintsTheDifference) {
    write("deflate = false\n");
    start();
    const auto log = reload("deflate = true\n[limits]\nmax_header_size = 500\n");
    EXPECT_THAT(log, AllOf(HasSubstr("setting_changed setting=deflate from=false to=true source=" + file_),
                           HasSubstr("setting_changed setting=limits.max_header_size from="),
                           HasSubstr("reloaded changed_settings=2")));
    ASSERT_TRUE(target_.taken);
    EXPECT_TRUE(target_.taken->deflate);
    EXPECT_EQ(target_.taken->limits.max_header_size, 500);
    EXPECT_THAT(reload("deflate = true\n[limits]\nmax_header_size = 500\n"),
                AllOf(Not(HasSubstr("setting_changed")), HasSubstr("changed_settings=0")));
    EXPECT_EQ(target_.times, 1) << "the same settings are not taken over again";
}

TEST_F(ReloadTest, ChangesFormAndLevelOfTheLog) {
    write("");
    start();
    log_format_ = "json";
    EXPECT_THAT(reload(""), HasSubstr(R"("event":"reloaded","changed_settings":1)"));
    log_level_ = "warning";
    EXPECT_THAT(reload(""), AllOf(HasSubstr("setting_changed"), Not(HasSubstr("reloaded"))));
    log_format_ = "text";
    log_level_ = "info";
    EXPECT_THAT(reload(""), HasSubstr("reloaded changed_settings=2"));
}

TEST_F(ReloadTest, KeepsAndTellsAgainWhatNeedsARestart) {
    write("port = 6001\n");
    start();
    for (int i = 0; i < 2; ++i)
        EXPECT_THAT(reload("port = 6002\ndeflate = true\n"),
                    HasSubstr("setting_needs_restart setting=port from=6001 to=6002"))
            << i;
    EXPECT_EQ(target_.taken->port, 6001);
    EXPECT_TRUE(target_.taken->deflate);
    EXPECT_THAT(reload("port = 6001\ndeflate = true\n"), Not(HasSubstr("needs_restart")));
}

TEST_F(ReloadTest, WarnsOfWhatIsInForceAndNotOfWhatIsWritten) {
    write("host = \"0.0.0.0\"\n");
    start();
    EXPECT_THAT(reload("host = \"127.0.0.1\"\ndemo = true\n"),
                HasSubstr("demo is true, and the server listens on 0.0.0.0"));
}

TEST_F(ReloadTest, SwitchesTlsOnlyAtAStartButTakesOtherFiles) {
    const std::string plain = "[tls]\n";
    const std::string first = "[tls]\ncertificate = \"a.pem\"\nkey = \"a.key\"\n";
    const std::string second = "[tls]\ncertificate = \"b.pem\"\nkey = \"b.key\"\npassphrase = \"hush\"\n";
    write(plain);
    start();
    EXPECT_THAT(reload(first), AllOf(HasSubstr("setting_needs_restart setting=tls.certificate"),
                                     HasSubstr("setting_needs_restart setting=tls.key")));
    EXPECT_FALSE(target_.taken);
    write(first);
    start();
    EXPECT_THAT(reload(second), AllOf(HasSubstr("setting_changed setting=tls.certificate"),
                                      HasSubstr("setting_changed setting=tls.passphrase from=(hidden)"),
                                      Not(HasSubstr("hush")), Not(HasSubstr("needs_restart"))));
    EXPECT_EQ(target_.taken->tls.certificate, "b.pem");
}

TEST_F(ReloadTest, ChangesNothingWhenAnythingIsWrong) {
    write("deflate = false\n");
    start();
    EXPECT_THAT(reload("deflate = true\nmax = 1\n"), HasSubstr("reload_refused"));
    target_.refusal = "webhooks.ca_file: it is no file.";
    EXPECT_THAT(reload("deflate = true\n"),
                AllOf(HasSubstr("reload_refused reason=\"webhooks.ca_file: it is no file.\""),
                      Not(HasSubstr("setting_changed"))));
    target_.refusal.clear();
    EXPECT_THAT(reload("deflate = true\n[app]\nkey = \"another\"\n"), HasSubstr("the first app has another"));
    EXPECT_FALSE(target_.taken);
    EXPECT_TRUE(target_.apps.empty());
    EXPECT_THAT(reload("deflate = true\n"), HasSubstr("setting_changed setting=deflate"));
}

TEST_F(ReloadTest, HandsAppsOverThoughNoSettingChanged) {
    write("[[apps]]\nid = \"1\"\nkey = \"k1\"\nsecret = \"secret-1\"\n");
    start();
    const auto two = std::string("[[apps]]\nid = \"1\"\nkey = \"k1\"\nsecret = \"secret-1\"\n") +
                     "[[apps]]\nid = \"2\"\nkey = \"k2\"\nsecret = \"secret-2\"\n";
    EXPECT_THAT(reload(two), HasSubstr("changed_settings=0"));
    EXPECT_FALSE(target_.taken);
    EXPECT_EQ(target_.apps.size(), 2U);
}

}  // namespace
}  // namespace parley::server
