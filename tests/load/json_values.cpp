#include "json_values.hpp"

#include <stdexcept>

#include "base/text.hpp"
#include "json/parser.hpp"

namespace parley::load {

std::string member_at(std::string_view document, std::initializer_list<std::string_view> path) {
    constexpr std::size_t depth_max = 32;
    json::Parser parser(depth_max);
    const auto outermost = parser.parse(document);
    if (!outermost) throw std::runtime_error("not JSON: " + std::string(document.substr(0, 200)));
    auto value = *outermost;
    for (const auto name : path) {
        const auto members = parser.members(value);
        const auto* const member = json::find(members, name);
        if (member == nullptr) {
            throw std::runtime_error("no " + std::string(name) +
                                     " in: " + std::string(document.substr(0, 200)));
        }
        value = *member;
    }
    return std::string(value.as_string().value_or(value.raw()));
}

std::int64_t integer_at(std::string_view document, std::initializer_list<std::string_view> path) {
    const auto text = member_at(document, path);
    const auto number = parse_integer(text);
    if (!number) throw std::runtime_error("no integer: " + text);
    return *number;
}

}  // namespace parley::load
