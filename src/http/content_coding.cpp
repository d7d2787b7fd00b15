#include "http/content_coding.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace parley::http {

namespace {

constexpr std::uint16_t weight_of_unnamed_identity = 1;

/// A qvalue (RFC 9110, section 12.4.2): `0` or `1`, then maybe a point and up to three digits. 0 for anything
/// else.
std::uint16_t parse_weight(std::string_view text) {
    constexpr std::size_t length_max = 5;
    if (text.empty() || text.size() > length_max || (text[0] != '0' && text[0] != '1')) return 0;
    if (text.size() > 1 && text[1] != '.') return 0;
    int weight = (text[0] - '0') * coding_weight_max;
    int unit = coding_weight_max / 10;
    for (const char digit : text.substr(std::min<std::size_t>(text.size(), 2))) {
        if (digit < '0' || digit > '9') return 0;
        weight += (digit - '0') * unit;
        unit /= 10;
    }
    return weight <= coding_weight_max ? static_cast<std::uint16_t>(weight) : 0;
}

/// One element of the list: a coding, and maybe its weight.
struct WeightedCoding {
    std::string_view coding;
    std::uint16_t weight;
};

WeightedCoding parse_element(std::string_view element) {
    const auto semicolon = element.find(';');
    const auto coding = trim_space(element.substr(0, semicolon));
    if (semicolon == std::string_view::npos) return {coding, coding_weight_max};
    const auto parameter = trim_space(element.substr(semicolon + 1));
    const bool is_weight = equals_ignoring_case(parameter.substr(0, 2), "q=");
    return {coding, is_weight ? parse_weight(parameter.substr(2)) : std::uint16_t{0}};
}

/// The weight that `list` gives to exactly this name; the first one counts.
std::optional<std::uint16_t> weight_in(std::string_view list, std::string_view name) {
    while (true) {
        const auto comma = list.find(',');
        const auto element = parse_element(list.substr(0, comma));
        if (equals_ignoring_case(element.coding, name)) return element.weight;
        if (comma == std::string_view::npos) return std::nullopt;
        list.remove_prefix(comma + 1);
    }
}

/// Likewise in all lists of the request.
std::optional<std::uint16_t> named_weight(const Request& request, std::string_view name) {
    for (const auto& header : request.headers) {
        if (!equals_ignoring_case(header.name, "Accept-Encoding")) continue;
        if (const auto weight = weight_in(header.value, name)) return weight;
    }
    return std::nullopt;
}

}  // namespace

std::uint16_t coding_weight(const Request& request, std::string_view coding) {
    if (const auto weight = named_weight(request, coding)) return *weight;
    if (const auto weight = named_weight(request, "*")) return *weight;
    return coding == "identity" ? weight_of_unnamed_identity : std::uint16_t{0};
}

}  // namespace parley::http
