#pragma once

#include <string>
#include <string_view>

namespace parley {

/// `url` as it may be shown: without user and password, query and fragment.
[[nodiscard]] std::string url_without_secrets(std::string_view url);

}  // namespace parley
