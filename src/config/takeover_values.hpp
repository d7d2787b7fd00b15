#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "config/takeover_sets.hpp"
#include "config/value_tree.hpp"

namespace parley::config {

/// Whether `text` says in Laravel's or JSON's way that nothing is set: empty, null, (null), empty, (empty).
[[nodiscard]] bool means_nothing(std::string_view text);

/// `true`, `1` and `(true)`, or `false`, `0` and `(false)`, in any letter case; else nothing.
[[nodiscard]] std::optional<bool> read_boolean(std::string_view text);

/// A boolean, a number or a text as text; nothing for null, lists and tables.
[[nodiscard]] std::optional<std::string> scalar_text(const Tree& value);

/// Our value for a foreign one; null when there is nothing to set. `given` is a text, or what a configuration
/// file holds; name, path and source are kept. The error completes "it must be …".
[[nodiscard]] tl::expected<Tree, std::string_view> convert(Form form, const Tree& given);

}  // namespace parley::config
