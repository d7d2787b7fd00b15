#pragma once

#include <string>
#include <string_view>

namespace parley::chat {

/// The value of `Content-Disposition` for a file called `name`, valid UTF-8 (RFC 6266, section 4): the name
/// as it is (RFC 8187), and before that, where it is not plain ASCII, one for old clients. Pure.
[[nodiscard]] std::string content_disposition(bool shown_inline, std::string_view name);

}  // namespace parley::chat
