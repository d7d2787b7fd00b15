#include "config/value_tree.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace parley::config {

const Tree* Tree::find(std::string_view wanted) const {
    if (kind != Kind::table) return nullptr;
    const auto found = std::find_if(children.rbegin(), children.rend(),
                                    [wanted](const Tree& child) { return child.name == wanted; });
    return found == children.rend() ? nullptr : &*found;
}

std::string_view describe(Tree::Kind kind) {
    switch (kind) {
        case Tree::Kind::null:
            return "null";
        case Tree::Kind::boolean:
            return "a boolean";
        case Tree::Kind::integer:
            return "a whole number";
        case Tree::Kind::fraction:
            return "a fraction";
        case Tree::Kind::text:
            return "a text";
        case Tree::Kind::list:
            return "a list";
        case Tree::Kind::table:
            return "a table";
    }
    return "of another type";
}

std::string member_path(std::string_view parent, std::string_view name) {
    return parent.empty() || name.empty() ? fmt::format("{}{}", parent, name)
                                          : fmt::format("{}.{}", parent, name);
}

std::string element_path(std::string_view parent, std::size_t index) {
    return fmt::format("{}[{}]", parent, index);
}

}  // namespace parley::config
