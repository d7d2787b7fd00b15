#pragma once

#include <string_view>

namespace parley::bench {

/// The name of the event that the message `text` is, without reading all of it: the member `event` must be
/// first, or nearly so, as all servers have it. Empty when it is not found.
[[nodiscard]] std::string_view event_name(std::string_view text);

}  // namespace parley::bench
