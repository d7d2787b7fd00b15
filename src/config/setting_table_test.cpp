#include "config/setting_table.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/reference.hpp"

namespace parley::config {
namespace {

using testing::HasSubstr;

TEST(SettingTable, DerivesVariableAndFlagFromTheName) {
    const auto* setting = find_setting("limits.max_message_size");
    ASSERT_NE(setting, nullptr);
    EXPECT_EQ(setting->environment_name(), "PARLEY_LIMITS_MAX_MESSAGE_SIZE");
    EXPECT_EQ(setting->flag_name(), "--limits-max-message-size");
    EXPECT_EQ(find_setting("limits.nothing"), nullptr);
}

TEST(SettingTable, NamesAreDistinctInEveryForm) {
    std::set<std::string> variables;
    std::set<std::string> flags;
    for (const auto& setting : setting_table()) {
        EXPECT_TRUE(variables.insert(setting.environment_name()).second) << setting.name;
        EXPECT_TRUE(flags.insert(setting.flag_name()).second) << setting.name;
    }
}

TEST(SettingTable, HasEveryLimit) {
    for (const auto& limit : limit_table())
        EXPECT_NE(find_setting("limits." + std::string(limit.name)), nullptr) << limit.name;
}

TEST(SettingTable, WritesBackWhatItReads) {
    const Settings defaults;
    for (const auto& setting : setting_table()) {
        Settings copy;
        EXPECT_TRUE(setting.write(copy, setting.read(defaults))) << setting.name;
        EXPECT_EQ(setting.read(copy), setting.read(defaults)) << setting.name;
    }
}

TEST(SettingTable, SecretIsWhatMayHoldASecret) {
    const std::set<std::string> secrets = {"app.secret", "app.previous_secret", "tls.passphrase",
                                           "database.url"};
    for (const auto& setting : setting_table())
        EXPECT_EQ(setting.secret, secrets.contains(setting.name)) << setting.name;
}

TEST(SettingTable, TakesNoPrefixThatMonitoringWouldRefuse) {
    const auto* const prefix = find_setting("metrics.prefix");
    ASSERT_NE(prefix, nullptr);
    Settings settings;
    for (const auto* text : {"", "parley_", "a:b_", "_1", "Soketi"})
        EXPECT_TRUE(prefix->write(settings, text)) << text;
    for (const auto* text : {"1st_", "a-b", "a b", "\u00e4", "a.b"})
        EXPECT_FALSE(prefix->write(settings, text)) << text;
    EXPECT_FALSE(prefix->write(settings, std::string(65, 'a')));
}

struct ListCase {
    std::string setting;
    std::string text;
    bool allowed;
};

TEST(SettingTable, ChecksEveryPartOfAList) {
    const std::vector<ListCase> cases = {
        {"chat.contracts", "", true},
        {"chat.contracts", "user", true},
        {"chat.contracts", "user, platform", true},
        {"chat.contracts", "user,nobody", false},
        {"chat.contracts", "user,,platform", false},
        {"chat.allowed_origins", "https://a.example:8443,http://localhost", true},
        {"chat.allowed_origins", "*", true},
        {"chat.allowed_origins", "a.example", false},
        {"chat.allowed_origins", "https://a.example/", false},
        {"proxy.trusted", "127.0.0.1, 10.0.0.0/8,2001:db8::/32", true},
        {"proxy.trusted", "", true},
        {"proxy.trusted", "localhost", false},
        {"proxy.trusted", "10.0.0.0/33", false},
        {"proxy.trusted", "10.0.0.1,,10.0.0.2", false},
        {"chat.event_namespace", "App\\Events", true},
        {"chat.event_namespace", "App\\Events\\", false},
        {"chat.event_namespace", "App.Events", false},
        {"database.url", "sqlite:parley.db", true},
        {"database.url", "sqlite:", false},
        {"database.url", "mysql://localhost", false},
        {"money.currency", "EUR", true},
        {"money.currency", "Euro", false},
    };
    for (const auto& each : cases) {
        Settings settings;
        EXPECT_EQ(find_setting(each.setting)->write(settings, each.text), each.allowed)
            << each.setting << " = " << each.text;
    }
}

TEST(SettingTable, ReadsAListAsItIsWritten) {
    Settings settings;
    ASSERT_TRUE(find_setting("chat.contracts")->write(settings, "user, platform"));
    EXPECT_EQ(settings.chat.contracts, (std::vector<std::string>{"user", "platform"}));
    EXPECT_EQ(find_setting("chat.contracts")->read(settings), "user,platform");
}

std::string documentation(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(std::string(PARLEY_DOCS_DIR "/") + name).rdbuf();
    return text.str();
}

TEST(Documentation, HoldsTheTableOfLimits) {
    EXPECT_THAT(documentation("limits.md"), HasSubstr(limits_reference()))
        << "paste `parley config --limits`";
}

TEST(Documentation, HoldsTheTableOfSettings) {
    EXPECT_THAT(documentation("configuration.md"), HasSubstr(settings_reference()))
        << "paste `parley config --settings`";
}

}  // namespace
}  // namespace parley::config
