#pragma once

#include <string>
#include <string_view>

namespace parley::pusher {

/// What a peer sent, in single quotes and short enough for a sentence that goes back to it or into the log.
/// Always valid UTF-8: text that is not is only mentioned.
[[nodiscard]] std::string quote(std::string_view text, std::size_t bytes_max = 100);

}  // namespace parley::pusher
