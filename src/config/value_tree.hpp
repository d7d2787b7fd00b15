#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::config {

/// A value out of a configuration file or a row of a database, whatever language it was written in: what
/// TOML, JSON and SQL have in common.
struct Tree {
    enum class Kind : std::uint8_t { null, boolean, integer, fraction, text, list, table };

    Kind kind = Kind::null;
    bool boolean = false;
    std::int64_t integer = 0;
    std::string text = {};  // of a text; of a fraction and of an integer its digits as they were written
    std::vector<Tree> children = {};  // elements of a list, members of a table, in the order of the file

    std::string name = {};    // of a member of a table: its key as it was written
    std::string path = {};    // from the root of the document: "apps[1].rate_limiting.enabled"
    std::string source = {};  // where it was found: "parley.toml:12", "soketi.json", "parley-apps.db"

    /// The member called `name` of a table, or null. Of members with equal names the last counts.
    [[nodiscard]] const Tree* find(std::string_view name) const;
};

/// "a whole number", "a list": completes "… is".
[[nodiscard]] std::string_view describe(Tree::Kind kind);

/// The path of a child: `parent` and `name` with a dot between them if both are there.
[[nodiscard]] std::string member_path(std::string_view parent, std::string_view name);

/// The path of element `index` of the list at `parent`: "apps[1]".
[[nodiscard]] std::string element_path(std::string_view parent, std::size_t index);

}  // namespace parley::config
