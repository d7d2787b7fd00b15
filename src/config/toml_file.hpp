#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "config/setting_table.hpp"
#include "config/value_tree.hpp"

namespace parley::config {

/// A value found in a TOML document. `kind` is empty for what no setting can be: fractions, dates, arrays of
/// other things than texts.
struct TomlValue {
    std::string name;  // dotted: `key` in table `app` is "app.key"
    std::string text;
    std::optional<Kind> kind;
    std::uint32_t line = 0;
    Tree tree = {};  // of a list: the whole of it
};

/// Why a document could not be read at all.
struct TomlError {
    std::uint32_t line = 0;
    std::string reason;
};

/// All values of a TOML document (toml.io, version 1.0), in the order of their lines. An empty table yields
/// nothing. `file` is what the sources of trees call it.
[[nodiscard]] tl::expected<std::vector<TomlValue>, TomlError> read_toml(std::string_view document,
                                                                        std::string_view file);

}  // namespace parley::config
