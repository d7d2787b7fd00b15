#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley::json {

/// `raw` JSON text as common libraries would write it after reading it: with and without spaces, slashes
/// escaped or not, letters beyond ASCII escaped or not, and the value of the member called `id` as a number
/// or as a string. At most 16 texts; `raw` itself may be among them. `raw` must be valid JSON.
[[nodiscard]] std::vector<std::string> spellings(std::string_view raw, std::string_view id);

}  // namespace parley::json
