#pragma once

#include <vector>

#include "config/app_fields.hpp"

namespace parley::config {

/// The rows of `app_fields`.
[[nodiscard]] std::vector<AppField> make_app_field_table();

}  // namespace parley::config
