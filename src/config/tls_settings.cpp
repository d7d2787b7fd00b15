#include "config/tls_settings.hpp"

#include <string_view>

#include <fmt/format.h>

#include "config/setting_kinds.hpp"

namespace parley::config {

namespace {

bool has_no_zero_byte(std::string_view text) { return text.find('\0') == std::string_view::npos; }

}  // namespace

std::vector<Setting> tls_settings() {
    std::vector<Setting> rows = {
        text_setting("tls.certificate",
                     "File with the certificate and those that lead to its root (PEM); with it the port "
                     "speaks TLS only. Read again when it changes.",
                     "a path, or empty", has_no_zero_byte,
                     [](auto& settings) -> auto& { return settings.tls.certificate; }),
        text_setting("tls.key", "File with the key of that certificate (PEM). Read again when it changes.",
                     "a path, or empty", has_no_zero_byte,
                     [](auto& settings) -> auto& { return settings.tls.key; }),
        text_setting("tls.passphrase", "What the key is encrypted with, if it is.",
                     "a text without a zero byte", has_no_zero_byte,
                     [](auto& settings) -> auto& { return settings.tls.passphrase; }),
    };
    rows.back().secret = true;
    return rows;
}

std::optional<std::string> tls_error(const Tls& tls) {
    if (tls.certificate.empty() == tls.key.empty()) return std::nullopt;
    const bool lacks_key = tls.key.empty();
    return fmt::format("{} is set and {} is not: TLS needs both, plain connections neither.",
                       lacks_key ? "tls.certificate" : "tls.key", lacks_key ? "tls.key" : "tls.certificate");
}

}  // namespace parley::config
