#include "base/url.hpp"

#include <gtest/gtest.h>

namespace parley {

namespace {

TEST(UrlWithoutSecrets, LeavesWhereItGoes) {
    const struct {
        const char* url;
        const char* shown;
    } rows[] = {{"https://example.com/hooks", "https://example.com/hooks"},
                {"https://u:p@example.com:8443/hooks?token=x#y", "https://example.com:8443/hooks"},
                {"https://u:p@q@example.com", "https://example.com"},
                {"http://example.com/a@b", "http://example.com/a@b"},
                {"http://example.com?u@x", "http://example.com"},
                {"nonsense", "nonsense"}};
    for (const auto& row : rows) EXPECT_EQ(url_without_secrets(row.url), row.shown) << row.url;
}

}  // namespace

}  // namespace parley
