#include "config/apps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/credential.hpp"

namespace parley::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

App app_called(std::string id, std::string key) {
    App app;
    app.id = std::move(id);
    app.key = std::move(key);
    return app;
}

TEST(ConfiguredApps, BeginWithTheAppOfTheSettingsIfItExists) {
    Settings settings;
    settings.apps = {app_called("a", "k")};
    ASSERT_EQ(configured_apps(settings).size(), 2U);
    EXPECT_EQ(main_app(settings).id, "app-id");
    settings.app_exists = false;
    ASSERT_EQ(configured_apps(settings).size(), 1U);
    EXPECT_EQ(main_app(settings).id, "a");
}

TEST(FindDoubles, NamesEqualIdsAndKeys) {
    EXPECT_THAT(find_doubles(std::vector{app_called("a", "k"), app_called("b", "l")}), IsEmpty());
    EXPECT_THAT(find_doubles(std::vector{app_called("a", "k"), app_called("a", "l"), app_called("c", "k")}),
                ElementsAre("Two apps have the id 'a'.", "The apps 'a' and 'c' have the same key, 'k'."));
}

TEST(OriginPattern, IsAHostOrAnOrigin) {
    for (const auto* const pattern :
         {"*", "example.com", "*.example.com", "https://example.com", "http://localhost:3000", "[::1]"})
        EXPECT_TRUE(is_origin_pattern(pattern)) << pattern;
    for (const auto* const pattern : {"", "https://", "https://a/", "a b", "a/b"})
        EXPECT_FALSE(is_origin_pattern(pattern)) << pattern;
}

}  // namespace
}  // namespace parley::config
