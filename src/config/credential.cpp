#include "config/credential.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace parley::config {

namespace {

constexpr std::size_t credential_bytes_most = 200;
constexpr std::string_view scheme_end = "://";

}  // namespace

bool is_unreserved(char c) {
    const char lower = to_lower_ascii(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

bool is_credential(std::string_view text) {
    return !text.empty() && text.size() <= credential_bytes_most &&
           std::all_of(text.begin(), text.end(), is_unreserved);
}

std::string credential_rule() {
    return fmt::format("1 to {} letters, digits, '-', '.', '_' or '~'", credential_bytes_most);
}

bool is_origin_pattern(std::string_view text) {
    if (const auto scheme = text.find(scheme_end); scheme != std::string_view::npos)
        text.remove_prefix(scheme + scheme_end.size());
    const auto allowed = [](char c) { return c > ' ' && c != '\x7f' && c != '/' && c != ','; };
    return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace parley::config
