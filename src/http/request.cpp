#include "http/request.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.hpp"

namespace parley::http {

namespace {

constexpr std::array<bool, 256> make_token_characters() {
    std::array<bool, 256> characters{};
    for (const char c : std::string_view("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "!#$%&'*+-.^_`|~"))
        characters[static_cast<std::uint8_t>(c)] = true;
    return characters;
}

constexpr auto token_characters = make_token_characters();

}  // namespace

bool is_token(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return token_characters[static_cast<std::uint8_t>(c)]; });
}

std::string_view trim_space(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool list_has_token(std::string_view list, std::string_view token) {
    while (true) {
        const auto comma = list.find(',');
        if (equals_ignoring_case(trim_space(list.substr(0, comma)), token)) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
}

std::string Request::client_address() const {
    if (auto client = forwarded_for()) return *std::move(client);
    return origin != nullptr ? origin->peer_address() : "unknown";
}

std::optional<std::string> Request::forwarded_for() const {
    return origin != nullptr ? origin->forwarded_for(*this) : std::nullopt;
}

std::optional<std::string_view> Request::find_header(std::string_view name) const {
    for (const auto& header : headers)
        if (equals_ignoring_case(header.name, name)) return header.value;
    return std::nullopt;
}

bool Request::header_has_token(std::string_view name, std::string_view token) const {
    for (const auto& header : headers)
        if (equals_ignoring_case(header.name, name) && list_has_token(header.value, token)) return true;
    return false;
}

}  // namespace parley::http
