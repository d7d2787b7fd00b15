#pragma once

#include <cstddef>
#include <string_view>

#include "base/bytes.hpp"

namespace parley::chat {

/// How much of a file's beginning `sniff_media_type` may want to see.
inline constexpr std::size_t sniffed_bytes = 4'096;

/// What a file is by its first bytes, whatever its uploader says; "application/octet-stream" when it is
/// nothing known. `head`: the first `sniffed_bytes`, or the whole file. Pure.
[[nodiscard]] std::string_view sniff_media_type(Bytes head);

/// Whether the thumbnailer is asked for its size and a thumbnail.
[[nodiscard]] bool is_picture(std::string_view media_type);

/// Whether a browser may show it within a page instead of saving it: pictures, sounds and films that can do
/// nothing else than be shown.
[[nodiscard]] bool is_shown_inline(std::string_view media_type);

/// What a download says that it is. Documents that can run something in a browser are bytes.
[[nodiscard]] std::string_view served_media_type(std::string_view media_type);

}  // namespace parley::chat
