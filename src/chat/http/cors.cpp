#include "chat/http/cors.hpp"

#include <algorithm>

namespace parley::chat {

std::string allowed_origin(std::span<const std::string> allowed, const http::Request& request) {
    const auto origin = request.find_header("Origin");
    if (!origin) return {};
    const auto fits = [&origin](const std::string& each) { return each == "*" || each == *origin; };
    return std::any_of(allowed.begin(), allowed.end(), fits) ? std::string(*origin) : std::string();
}

void allow_origin(http::Response& response, std::string_view origin) {
    if (origin.empty()) return;
    response.headers.emplace_back("Access-Control-Allow-Origin", origin);
    response.headers.emplace_back("Access-Control-Expose-Headers",
                                  "Content-Disposition, Content-Range, ETag, Retry-After");
    response.headers.emplace_back("Vary", "Origin");
}

http::Response preflight_response(std::span<const std::string> allowed, const http::Request& request) {
    http::Response response;
    response.status = 204;
    const auto origin = allowed_origin(allowed, request);
    if (origin.empty()) return response;
    allow_origin(response, origin);
    // Browsers remember the answer for at most this long (Chromium's own limit), in seconds.
    response.headers.emplace_back("Access-Control-Max-Age", "7200");
    response.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
    response.headers.emplace_back(
        "Access-Control-Allow-Headers",
        "Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Range, Range, X-Socket-ID");
    return response;
}

}  // namespace parley::chat
