#include "config/soketi_file.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "config/field_names.hpp"

namespace parley::config {

namespace {

using By = ForeignSetReader::By;

/// soketi, which is JavaScript, is content with a number where an app has its id, key or secret.
Tree with_text_credentials(Tree apps) {
    constexpr std::array<std::string_view, 3> credentials = {"id", "key", "secret"};
    for (auto& app : apps.children)
        for (auto& field : app.children)
            if (field.kind == Tree::Kind::integer &&
                std::find(credentials.begin(), credentials.end(), to_snake_case(field.name)) !=
                    credentials.end())
                field.kind = Tree::Kind::text;
    return apps;
}

/// Members of tables by their paths, which are the same for `{"a": {"b": 1}}` and `{"a.b": 1}`.
class Flattener {
public:
    explicit Flattener(const std::string& file) : file_(file) {}

    void visit(const Tree& value) {
        const bool known = ForeignSetReader::knows(soketi_set(), By::path, value.path);
        if (value.path == soketi_apps_path && value.kind == Tree::Kind::list) {
            result_.apps = with_text_credentials(value);
        } else if (value.kind == Tree::Kind::table && !known) {
            for (const auto& member : value.children) visit(member);
        } else {
            result_.settings.push_back({value.path, file_, value});
        }
        any_known_ = any_known_ || known || result_.apps.has_value();
    }

    [[nodiscard]] bool any_known() const { return any_known_; }
    SoketiFile take() && { return std::move(result_); }

private:
    const std::string& file_;
    SoketiFile result_;
    bool any_known_ = false;
};

}  // namespace

tl::expected<SoketiFile, std::string> read_soketi_file(const Tree& document, const std::string& file) {
    if (document.kind != Tree::Kind::table)
        return tl::unexpected(fmt::format("{}: {} is no configuration of soketi, which is an object.", file,
                                          describe(document.kind)));
    Flattener flattener(file);
    flattener.visit(document);
    if (!document.children.empty() && !flattener.any_known())
        return tl::unexpected(fmt::format(
            "{}: holds no setting of soketi's; settings of Parley belong into a .toml file.", file));
    return std::move(flattener).take();
}

}  // namespace parley::config
