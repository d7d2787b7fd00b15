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

}  // namespace
}  // namespace parley::cli
