#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "config/foreign_set_reader.hpp"
#include "config/value_tree.hpp"

namespace parley::config {

/// Where soketi's configuration file has its apps.
inline constexpr std::string_view soketi_apps_path = "appManager.array.apps";

struct SoketiFile {
    std::vector<GivenSetting> settings;  // named by their paths
    std::optional<Tree> apps = {};       // a list, if the file has one
};

/// Takes soketi's configuration apart: nested tables and dotted names mean the same. The error is a sentence:
/// the document is no table, or holds none of soketi's settings and thus is not one.
[[nodiscard]] tl::expected<SoketiFile, std::string> read_soketi_file(const Tree& document,
                                                                     const std::string& file);

}  // namespace parley::config
