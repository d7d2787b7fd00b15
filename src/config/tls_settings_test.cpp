#include "config/tls_settings.hpp"

#include <gtest/gtest.h>

#include "config/load.hpp"

namespace parley::config {
namespace {

TEST(TlsSettings, NeedBothFilesOrNeither) {
    EXPECT_FALSE(tls_error({}));
    EXPECT_FALSE(tls_error({"a.pem", "b.pem", ""}));
    EXPECT_EQ(tls_error({"a.pem", "", ""}).value(),
              "tls.certificate is set and tls.key is not: TLS needs both, plain connections neither.");
    EXPECT_EQ(tls_error({"", "b.pem", ""}).value(),
              "tls.key is set and tls.certificate is not: TLS needs both, plain connections neither.");
}

TEST(TlsSettings, AreCheckedAsAWholeWhenTheyAreLoaded) {
    EXPECT_FALSE(load({.flags = {{"tls.key", "b.pem"}}}));
    const auto loaded = load({.flags = {{"tls.key", "b.pem"}, {"tls.certificate", "a.pem"}}});
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->settings.tls.certificate, "a.pem");
}

TEST(TlsSettings, HideThePassphrase) {
    for (const auto& row : tls_settings()) EXPECT_EQ(row.secret, row.name == "tls.passphrase") << row.name;
}

}  // namespace
}  // namespace parley::config
