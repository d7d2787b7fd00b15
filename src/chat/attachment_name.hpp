#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::chat {

/// The name that a file is kept under, made of what its uploader calls it, which may be any bytes: the last
/// part of a path of either kind, as valid UTF-8, without control characters and characters that turn the
/// direction of writing (which make `exe.jpg` out of `gpj.exe`), trimmed, at most `bytes_max` bytes with its
/// ending kept, if that is short. "file" when nothing is left.
[[nodiscard]] std::string clean_file_name(std::string_view name, std::int64_t bytes_max);

}  // namespace parley::chat
