#include "bench/event_name.hpp"

namespace parley::bench {

namespace {

constexpr std::size_t head_bytes = 100;

}  // namespace

std::string_view event_name(std::string_view text) {
    constexpr std::string_view member = R"("event")";
    const auto place = text.substr(0, head_bytes).find(member);
    if (place == std::string_view::npos) return {};
    text.remove_prefix(place + member.size());
    const auto begin = text.find_first_not_of(" :");
    if (begin == std::string_view::npos || text[begin] != '"') return {};
    text.remove_prefix(begin + 1);
    return text.substr(0, text.find('"'));
}

}  // namespace parley::bench
