#include "config/toml_file.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <tuple>

#include <fmt/format.h>
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

Tree::Kind tree_kind_of(const toml::node& node) {
    if (node.is_table()) return Tree::Kind::table;
    if (node.is_array()) return Tree::Kind::list;
    if (node.is_integer()) return Tree::Kind::integer;
    if (node.is_boolean()) return Tree::Kind::boolean;
    if (node.is_floating_point()) return Tree::Kind::fraction;
    return Tree::Kind::text;  // dates and times as well
}

/// What toml++ itself bounds the depth of.
Tree tree_of(const toml::node& node, std::string_view file, std::string path) {
    Tree tree{.kind = tree_kind_of(node), .path = std::move(path)};
    tree.source = fmt::format("{}:{}", file, node.source().begin.line);
    if (const auto* const table = node.as_table()) {
        for (const auto& [key, member] : *table) {
            auto& child =
                tree.children.emplace_back(tree_of(member, file, member_path(tree.path, key.str())));
            child.name = key.str();
            child.source = fmt::format("{}:{}", file, key.source().begin.line);
        }
    } else if (const auto* const list = node.as_array()) {
        for (const auto& element : *list)
            tree.children.push_back(tree_of(element, file, element_path(tree.path, tree.children.size())));
    } else {
        if (const auto* const integer = node.as_integer()) tree.integer = integer->get();
        if (const auto* const boolean = node.as_boolean()) tree.boolean = boolean->get();
        tree.text = text_of(node);
    }
    return tree;
}

void collect(const toml::table& table, const std::string& prefix, std::string_view file,
             std::vector<TomlValue>& values) {
    for (const auto& [key, node] : table) {
        const auto name = prefix + std::string(key.str());
        if (const auto* inner = node.as_table()) {
            collect(*inner, name + '.', file, values);
        } else {
            values.push_back({name, text_of(node), kind_of(node), key.source().begin.line,
                              node.is_array() ? tree_of(node, file, name) : Tree()});
        }
    }
}

}  // namespace

tl::expected<std::vector<TomlValue>, TomlError> read_toml(std::string_view document, std::string_view file) {
    std::vector<TomlValue> values;
    try {
        collect(toml::parse(document), "", file, values);
    } catch (const toml::parse_error& error) {
        return tl::unexpected(TomlError{error.source().begin.line, std::string(error.description())});
    }
    std::sort(values.begin(), values.end(), [](const TomlValue& a, const TomlValue& b) {
        return std::tie(a.line, a.name) < std::tie(b.line, b.name);
    });
    return values;
}

}  // namespace parley::config
