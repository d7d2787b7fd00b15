#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "config/setting_table.hpp"

namespace parley::config {

// Makers of the rows of the table of settings, one for each kind of value.

/// `access` gives a reference to the member of a `Settings`, constant or not.
template <typename Access>
[[nodiscard]] Setting integer_setting(std::string name, std::string description, std::int64_t least,
                                      std::int64_t most, Access access) {
    using Number = std::remove_reference_t<decltype(access(std::declval<Settings&>()))>;
    return {.name = std::move(name),
            .kind = Kind::integer,
            .allowed = fmt::format("a whole number from {} to {}", least, most),
            .description = std::move(description),
            .read = [access](const Settings& settings) { return fmt::format("{}", access(settings)); },
            .write =
                [=](Settings& settings, std::string_view text) {
                    const auto value = parse_integer(text);
                    if (!value || *value < least || *value > most) return false;
                    access(settings) = static_cast<Number>(*value);
                    return true;
                }};
}

template <typename Access>
[[nodiscard]] Setting boolean_setting(std::string name, std::string description, Access access) {
    return {.name = std::move(name),
            .kind = Kind::boolean,
            .allowed = "true or false",
            .description = std::move(description),
            .read = [access](const Settings& settings) { return access(settings) ? "true" : "false"; },
            .write =
                [access](Settings& settings, std::string_view text) {
                    const bool yes = text == "true" || text == "1";
                    if (!yes && text != "false" && text != "0") return false;
                    access(settings) = yes;
                    return true;
                }};
}

/// Whether a text is allowed.
using Check = bool (*)(std::string_view text);

template <typename Access>
[[nodiscard]] Setting text_setting(std::string name, std::string description, std::string allowed,
                                   Check check, Access access) {
    return {.name = std::move(name),
            .kind = Kind::text,
            .allowed = std::move(allowed),
            .description = std::move(description),
            .read = [access](const Settings& settings) { return access(settings); },
            .write =
                [access, check](Settings& settings, std::string_view text) {
                    if (!check(text)) return false;
                    access(settings) = std::string(text);
                    return true;
                }};
}

template <typename Enum>
using Choice = std::pair<std::string_view, Enum>;

template <typename Enum, std::size_t size, typename Access>
[[nodiscard]] Setting choice_setting(std::string name, std::string description,
                                     std::array<Choice<Enum>, size> choices, Access access) {
    std::string allowed = "one of ";
    for (const auto& choice : choices) {
        if (choice.first != choices.front().first) allowed += ", ";
        allowed += choice.first;
    }
    return {.name = std::move(name),
            .kind = Kind::text,
            .allowed = std::move(allowed),
            .description = std::move(description),
            .read =
                [=](const Settings& settings) {
                    const auto* const found =
                        std::find_if(choices.begin(), choices.end(),
                                     [&](const auto& choice) { return choice.second == access(settings); });
                    return std::string(found->first);
                },
            .write =
                [=](Settings& settings, std::string_view text) {
                    const auto* const found =
                        std::find_if(choices.begin(), choices.end(),
                                     [&](const auto& choice) { return choice.first == text; });
                    if (found == choices.end()) return false;
                    access(settings) = found->second;
                    return true;
                }};
}

/// The parts of `text` between commas, without space around them; none of an empty text.
[[nodiscard]] inline std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        auto part = text.substr(0, comma);
        part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
        part.remove_suffix(part.size() - (part.find_last_not_of(' ') + 1));
        parts.emplace_back(part);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return parts;
}

/// Several texts, in the environment and in flags divided by commas; `check` looks at each.
template <typename Access>
[[nodiscard]] Setting list_setting(std::string name, std::string description, std::string allowed,
                                   Check check, Access access) {
    return {
        .name = std::move(name),
        .kind = Kind::list,
        .allowed = std::move(allowed),
        .description = std::move(description),
        .read = [access](
                    const Settings& settings) { return fmt::format("{}", fmt::join(access(settings), ",")); },
        .write =
            [access, check](Settings& settings, std::string_view text) {
                auto parts = split_list(text);
                if (!std::all_of(parts.begin(), parts.end(), check)) return false;
                access(settings) = std::move(parts);
                return true;
            }};
}

}  // namespace parley::config
