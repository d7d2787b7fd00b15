#include "hub/origin_check.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace parley::hub {

namespace {

constexpr std::string_view scheme_end = "://";

/// Whether the whole of `text` fits `pattern`. Takes at most as many steps as the product of both lengths.
bool fits(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;  // the last one met
    std::size_t after_star = 0;                 // where in `text` what follows it is tried
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            after_star = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++after_star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

/// The part behind the host, with its colon; a colon within brackets is part of an IPv6 address.
std::string_view port_of(std::string_view authority) {
    const auto colon = authority.rfind(':');
    if (colon == std::string_view::npos || authority.find(']', colon) != std::string_view::npos) return {};
    return authority.substr(colon);
}

/// In lower case, without a port that goes without saying.
std::string normal(std::string_view origin) {
    auto text = to_lower_ascii(origin);
    for (const auto& [scheme, port] : {std::pair<std::string_view, std::string_view>{"https://", ":443"},
                                       std::pair<std::string_view, std::string_view>{"http://", ":80"}})
        if (text.starts_with(scheme) && port_of(std::string_view(text).substr(scheme.size())) == port)
            text.resize(text.size() - port.size());
    return text;
}

bool fits_origin(std::string_view raw_pattern, std::string_view origin) {
    const auto pattern = normal(raw_pattern);
    if (pattern.find(scheme_end) != std::string::npos) return fits(pattern, origin);
    const auto scheme = origin.find(scheme_end);
    auto authority = scheme == std::string_view::npos ? origin : origin.substr(scheme + scheme_end.size());
    if (port_of(pattern).empty()) authority.remove_suffix(port_of(authority).size());
    return fits(pattern, authority);
}

}  // namespace

bool origin_allowed(std::span<const std::string> patterns, std::string_view origin) {
    if (patterns.empty() || origin.empty()) return true;
    const auto text = normal(origin);
    return std::ranges::any_of(patterns,
                               [&](const std::string& pattern) { return fits_origin(pattern, text); });
}

}  // namespace parley::hub
