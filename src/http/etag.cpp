#include "http/etag.hpp"

#include <optional>

#include "base/text.hpp"

namespace parley::http {

namespace {

std::string_view without_weakness(std::string_view tag) {
    return tag.starts_with("W/") ? tag.substr(2) : tag;
}

/// Takes the next tag, without its weakness, from the front of `list`; quotes included, since a comma between
/// them belongs to the tag. Empty at the end and before what is no tag.
std::optional<std::string_view> take_tag(std::string_view& list) {
    const auto begin = list.find_first_not_of(" \t,");
    if (begin == std::string_view::npos) return std::nullopt;
    list = without_weakness(list.substr(begin));
    if (!list.starts_with('"')) return std::nullopt;
    const auto end = list.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    const auto tag = list.substr(0, end + 1);
    list.remove_prefix(tag.size());
    return tag;
}

}  // namespace

bool if_none_match(const Request& request, std::string_view etag) {
    const auto wanted = without_weakness(etag);
    for (const auto& header : request.headers) {
        if (!equals_ignoring_case(header.name, "If-None-Match")) continue;
        if (header.value == "*") return true;
        auto list = header.value;
        for (auto tag = take_tag(list); tag; tag = take_tag(list))
            if (*tag == wanted) return true;
    }
    return false;
}

}  // namespace parley::http
