#include "base/url.hpp"

#include <algorithm>

namespace parley {

std::string url_without_secrets(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    const auto scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return std::string(url);
    const auto host = scheme_end + 3;
    const auto path = std::min(url.find('/', host), url.size());
    const auto user_end = url.substr(0, path).rfind('@');
    if (user_end == std::string_view::npos || user_end < host) return std::string(url);
    return std::string(url.substr(0, host)).append(url.substr(user_end + 1));
}

}  // namespace parley
