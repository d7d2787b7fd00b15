#pragma once

#include <string_view>

namespace parley::chat {

/// The OpenAPI 3.1 description of the API, JSON: made of the fragments in openapi/ when Parley is built.
[[nodiscard]] std::string_view openapi_document();

}  // namespace parley::chat
