#pragma once

#include <span>
#include <string_view>

namespace parley::web {

/// One file of the demo page, as it is in the program. All views last as long as the program.
struct Asset {
    std::string_view path;          // of the URL, with its first slash: "/assets/demo.css"
    std::string_view content_type;  // value of the header
    std::string_view body;
    std::string_view etag;  // value of the header, quotes included; changes when the body does
};

/// All files of the demo page; the page itself has the path "/".
[[nodiscard]] std::span<const Asset> assets();

}  // namespace parley::web
