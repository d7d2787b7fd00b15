#include "pusher/quote.hpp"

#include "base/utf8.hpp"

namespace parley::pusher {

std::string quote(std::string_view text, std::size_t bytes_max) {
    if (!is_valid_utf8(text)) return "(text that is not UTF-8)";
    const auto shown = truncate_utf8(text, bytes_max);
    std::string quoted = "'";
    quoted += shown;
    quoted += shown.size() < text.size() ? "…'" : "'";
    return quoted;
}

}  // namespace parley::pusher
