#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace parley::web {

/// The bytes of a file in one content coding.
struct AssetBody {
    std::string_view bytes;
    std::string_view etag;  // value of the header, quotes included; strong, differs between the codings
};

enum class AssetName : std::uint8_t {
    fixed,
    hashed  // holds a hash of the content: whatever has this name never changes
};

/// One file of the web app, as it is in the program. All views last as long as the program.
struct Asset {
    std::string_view path;          // of the URL, with its first slash: "/assets/index-BYgm4yLn.js"
    std::string_view content_type;  // value of the header
    AssetName name;
    AssetBody identity;
    AssetBody gzip;    // empty when it would not be smaller than `identity`
    AssetBody brotli;  // likewise
};

/// The path of the page that every page of the app begins with.
inline constexpr std::string_view index_path = "/index.html";

/// All files of the app, in the order of their paths; one of them is at `index_path`.
[[nodiscard]] std::span<const Asset> assets();

}  // namespace parley::web
