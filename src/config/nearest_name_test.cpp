#include "config/nearest_name.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace parley::config {
namespace {

TEST(NearestName, ForgivesErrorsInProportionToTheLength) {
    const std::vector<std::string> names = {"port", "host", "app.secret", "limits.max_connections"};
    EXPECT_EQ(nearest_name("prot", names), "port");
    EXPECT_EQ(nearest_name("PORT", names), "port");
    EXPECT_EQ(nearest_name("app.sectre", names), "app.secret");
    EXPECT_EQ(nearest_name("max_connections", names), "limits.max_connections");
    EXPECT_EQ(nearest_name("server.port", names), "port");
    EXPECT_EQ(nearest_name("x", names), std::nullopt);
    EXPECT_EQ(nearest_name("colour", names), std::nullopt);
    EXPECT_EQ(nearest_name("", names), std::nullopt);
    EXPECT_EQ(suggestion("pott", names), "; did you mean 'port'?");
    EXPECT_EQ(suggestion("colour", names), ".");
}

TEST(NearestName, CountsLettersAddedLostAndReplaced) {
    const std::vector<std::string> names = {"abcdefghij", "abcdefXYZj", "klmnop"};
    EXPECT_EQ(nearest_name("abcdefghi", names), "abcdefghij");
    EXPECT_EQ(nearest_name("abcdefghijk", names), "abcdefghij");
    EXPECT_EQ(nearest_name("abcdefxyhj", names), "abcdefXYZj") << "one error, against three";
    EXPECT_EQ(nearest_name("klm", names), std::nullopt) << "three errors, and a short name is forgiven one";
    EXPECT_EQ(nearest_name("abcd---hij", names), "abcdefghij") << "three errors";
    EXPECT_EQ(nearest_name("abc----hij", names), std::nullopt) << "four errors";
}

}  // namespace
}  // namespace parley::config
