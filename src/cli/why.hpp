#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace parley::cli {

/// The refusals in `json`, an answer of /operator/refusals, for people: newest last. The error is a sentence.
[[nodiscard]] tl::expected<std::string, std::string> refusals_text(std::string_view json);

}  // namespace parley::cli
