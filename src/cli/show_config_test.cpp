#include "cli/show_config.hpp"

#include <gtest/gtest.h>

namespace parley::cli {
namespace {

config::Value value(const char* name, std::string text, std::string source) {
    return {config::find_setting(name), std::move(text), std::move(source)};
}

TEST(ShowConfig, PrintsColumnsAndHidesSecrets) {
    EXPECT_EQ(config_text({value("port", "6001", "default"), value("path_prefix", "", "default"),
                           value("app.secret", "hush", "environment PARLEY_APP_SECRET")}),
              "port         6001      default\n"
              "path_prefix  (empty)   default\n"
              "app.secret   (hidden)  environment PARLEY_APP_SECRET\n");
}

TEST(ShowConfig, TellsWhatBecameOfOtherServersSettings) {
    EXPECT_EQ(takeover_text({}), "");
    EXPECT_EQ(takeover_text({{"Reverb",
                              {{"REVERB_APP_KEY", ".env", "app.key"}, {"REVERB_APP_ID", "", "app.id"}},
                              {{"REVERB_HOST", ".env", "for publishers"}}}}),
              "\nTaken over from Reverb:\n"
              "  REVERB_APP_KEY (.env) is app.key\n"
              "  REVERB_APP_ID (environment) is app.id\n"
              "  REVERB_HOST (.env) has no effect: for publishers\n");
}

}  // namespace
}  // namespace parley::cli
