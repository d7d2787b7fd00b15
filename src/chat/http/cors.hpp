#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

namespace parley::chat {

/// The request's origin if its pages may use the API (Fetch standard, "CORS protocol"); empty otherwise and
/// without one. In `allowed`, "*" is every origin.
[[nodiscard]] std::string allowed_origin(std::span<const std::string> allowed, const http::Request& request);

/// Lets pages of `origin` read `response`; nothing happens when it is empty.
void allow_origin(http::Response& response, std::string_view origin);

/// The answer to a page that asks whether it may send a request.
[[nodiscard]] http::Response preflight_response(std::span<const std::string> allowed,
                                                const http::Request& request);

}  // namespace parley::chat
