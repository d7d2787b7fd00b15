#include "cli/printable.hpp"

#include <cstdint>
#include <iterator>

#include <fmt/format.h>

namespace parley::cli {

std::string printable(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(text[i]);
        const bool escaped_c1 =
            byte == 0xc2 && i + 1 < text.size() && static_cast<std::uint8_t>(text[i + 1]) < 0xa0;
        if (escaped_c1) {  // U+0080 to U+009F: terminals take some of them for escape sequences
            fmt::format_to(std::back_inserter(safe), "\\x{:02x}", static_cast<std::uint8_t>(text[++i]));
        } else if (byte < 0x20 || byte == 0x7f) {
            fmt::format_to(std::back_inserter(safe), "\\x{:02x}", byte);
        } else {
            safe += text[i];
        }
    }
    return safe;
}

}  // namespace parley::cli
