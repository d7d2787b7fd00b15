#include "config/toml_file.hpp"

#include <algorithm>
#include <sstream>
#include <tuple>

#include <toml++/toml.h>

namespace parley::config {

namespace {

bool is_list(const toml::node& node) {
    return node.is_array() && (node.as_array()->empty() || node.is_homogeneous<std::string>());
}

/// A list is written as in the environment and in flags.
std::string list_text(const toml::array& list) {
    std::string text;
    for (const auto& element : list) {
        if (!text.empty()) text += ',';
        text += element.as_string()->get();
    }
    return text;
}

std::string text_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (is_list(node)) return list_text(*node.as_array());
    std::ostringstream out;
    node.visit([&out](const auto& value) { out << value; });
    return out.str();
}

std::optional<Kind> kind_of(const toml::node& node) {
    if (node.is_string()) return Kind::text;
    if (node.is_integer()) return Kind::integer;
    if (node.is_boolean()) return Kind::boolean;
    if (is_list(node)) return Kind::list;
    return std::nullopt;
}

void collect(const toml::table& table, const std::string& prefix, std::vector<TomlValue>& values) {
    for (const auto& [key, node] : table) {
        const auto name = prefix + std::string(key.str());
        if (const auto* inner = node.as_table()) {
            collect(*inner, name + '.', values);
        } else {
            values.push_back({name, text_of(node), kind_of(node), key.source().begin.line});
        }
    }
}

}  // namespace

tl::expected<std::vector<TomlValue>, TomlError> read_toml(std::string_view document) {
    std::vector<TomlValue> values;
    try {
        collect(toml::parse(document), "", values);
    } catch (const toml::parse_error& error) {
        return tl::unexpected(TomlError{error.source().begin.line, std::string(error.description())});
    }
    std::sort(values.begin(), values.end(), [](const TomlValue& a, const TomlValue& b) {
        return std::tie(a.line, a.name) < std::tie(b.line, b.name);
    });
    return values;
}

}  // namespace parley::config
