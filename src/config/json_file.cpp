#include "config/json_file.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "json/parser.hpp"

namespace parley::config {

namespace {

constexpr auto depth_max = static_cast<std::size_t>(Limits().max_json_depth);

class TreeMaker {
public:
    /// `document` is what `root` was parsed from.
    TreeMaker(json::Parser& parser, std::string_view document, const json::Value& root, std::string_view file)
        : parser_(parser),
          document_(document),
          root_begin_(root.raw().data()),
          root_offset_(std::min(document.find_first_not_of(" \t\r\n"), document.size())),
          file_(file) {}

    Tree make(const json::Value& value, std::string name, std::string path) {
        Tree tree{.name = std::move(name), .path = std::move(path)};
        tree.source = fmt::format("{}:{}", file_, line_of(value));
        switch (value.type()) {
            case json::Type::null:
                break;
            case json::Type::boolean:
                tree.kind = Tree::Kind::boolean;
                tree.boolean = value.raw() == "true";
                break;
            case json::Type::string:
                tree.kind = Tree::Kind::text;
                tree.text = value.as_string().value_or("");
                break;
            case json::Type::integer:
            case json::Type::fraction:
                set_number(tree, value.raw());
                break;
            case json::Type::array:
                add_elements(tree, value);
                break;
            case json::Type::object:
                add_members(tree, value);
                break;
        }
        return tree;
    }

private:
    static void set_number(Tree& tree, std::string_view digits) {
        const auto number = parse_integer(digits);
        tree.kind = number ? Tree::Kind::integer : Tree::Kind::fraction;
        tree.integer = number.value_or(0);
        tree.text = digits;
    }

    void add_elements(Tree& tree, const json::Value& value) {
        tree.kind = Tree::Kind::list;
        for (const auto& element : parser_.elements(value))
            tree.children.push_back(make(element, "", element_path(tree.path, tree.children.size())));
    }

    void add_members(Tree& tree, const json::Value& value) {
        tree.kind = Tree::Kind::table;
        for (const auto& [name, member] : parser_.members(value))
            tree.children.push_back(make(member, std::string(name), member_path(tree.path, name)));
    }

    /// Values are met in the order of the document, so that no line is counted twice.
    std::uint32_t line_of(const json::Value& value) {
        const auto offset = root_offset_ + static_cast<std::size_t>(value.raw().data() - root_begin_);
        line_ += static_cast<std::uint32_t>(
            std::count(document_.begin() + static_cast<std::ptrdiff_t>(counted_),
                       document_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
        counted_ = offset;
        return line_;
    }

    json::Parser& parser_;
    std::string_view document_;
    const char* root_begin_;   // of the parser's copy
    std::size_t root_offset_;  // in `document_`
    std::string_view file_;
    std::uint32_t line_ = 1;
    std::size_t counted_ = 0;  // bytes of `document_` whose line ends are in `line_`
};

}  // namespace

tl::expected<Tree, std::string> read_json(std::string_view document, std::string_view file) {
    json::Parser parser(depth_max);
    const auto root = parser.parse(document);
    if (!root) return tl::unexpected(std::string(json::describe(root.error())));
    return TreeMaker(parser, document, *root, file).make(*root, "", "");
}

}  // namespace parley::config
