#include "hub/origin_check.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace parley::hub {
namespace {

bool allowed(std::string pattern, std::string_view origin) {
    return origin_allowed(std::vector{std::move(pattern)}, origin);
}

TEST(OriginAllowed, LetsEverybodyWithoutAListAndWithAStar) {
    EXPECT_TRUE(origin_allowed({}, "https://evil.test"));
    EXPECT_TRUE(allowed("*", "https://evil.test:8443"));
    EXPECT_TRUE(allowed("*", "null"));
}

TEST(OriginAllowed, LetsClientsThatAreNoBrowsers) { EXPECT_TRUE(allowed("example.com", "")); }

TEST(OriginAllowed, ComparesTheWholeHost) {
    struct Case {
        const char* pattern;
        const char* origin;
        bool allowed;
    };
    for (const auto& [pattern, origin, expected] : {
             Case{"example.com", "https://example.com", true},
             Case{"example.com", "http://example.com:8080", true},
             Case{"EXAMPLE.com", "https://Example.COM", true},
             Case{"example.com", "https://example.com.evil.test", false},
             Case{"example.com", "https://evilexample.com", false},
             Case{"example.com", "https://www.example.com", false},
             Case{"example.com", "https://evil.test/example.com", false},
             Case{"example.com", "null", false},
             Case{"*.example.com", "https://www.example.com", true},
             Case{"*.example.com", "https://a.b.example.com:1", true},
             Case{"*.example.com", "https://example.com", false},
             Case{"*.example.com", "https://example.com.evil.test", false},
             Case{"app-*.example.*", "https://app-12.example.org", true},
             Case{"a*b*c", "https://aXbYbZc", true},
             Case{"a*b*c", "https://aXbYbZ", false},
             Case{"localhost:3000", "http://localhost:3000", true},
             Case{"localhost:3000", "http://localhost:3001", false},
             Case{"localhost:*", "http://localhost:3001", true},
             Case{"[::1]", "http://[::1]:3000", true},
             Case{"[::1]:3000", "http://[::1]:3000", true},
             Case{"[::1]:3000", "http://[::1]:3001", false},
         })
        EXPECT_EQ(allowed(pattern, origin), expected) << pattern << ' ' << origin;
}

TEST(OriginAllowed, ComparesSchemeAndPortWhereThePatternHasAScheme) {
    EXPECT_TRUE(allowed("https://example.com", "https://example.com"));
    EXPECT_FALSE(allowed("https://example.com", "http://example.com"));
    EXPECT_FALSE(allowed("https://example.com", "https://example.com:8443"));
    EXPECT_TRUE(allowed("https://example.com:443", "https://example.com"));
    EXPECT_TRUE(allowed("https://example.com", "https://example.com:443"));
    EXPECT_TRUE(allowed("http://localhost:*", "http://localhost:3000"));
    EXPECT_TRUE(allowed("https://*.example.com", "https://a.example.com"));
}

TEST(OriginAllowed, LetsWhatAnyPatternFits) {
    const std::vector<std::string> patterns{"a.test", "b.test"};
    EXPECT_TRUE(origin_allowed(patterns, "https://b.test"));
    EXPECT_FALSE(origin_allowed(patterns, "https://c.test"));
}

TEST(OriginAllowed, IsNotSlowOnHostilePatternsAndOrigins) {
    std::string pattern;
    for (int i = 0; i < 100; ++i) pattern += "*a";
    EXPECT_FALSE(allowed(pattern + "b", std::string(8'000, 'a')));
}

}  // namespace
}  // namespace parley::hub
