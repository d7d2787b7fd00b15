#pragma once

#include <cstdint>
#include <string_view>

#include "api/refusal.hpp"

namespace parley::api {

/// What a request wants to know of channels, its `info`.
struct Attributes {
    bool user_count = false;
    bool subscription_count = false;
    bool cache = false;

    [[nodiscard]] bool any() const { return user_count || subscription_count || cache; }
    friend bool operator==(const Attributes&, const Attributes&) = default;
};

/// Whether a request may ask for `cache`.
enum class CacheAttribute : std::uint8_t { unknown, known };

/// Reads a comma-separated list of attributes; an empty one asks for nothing. An attribute that the request
/// does not know: 400.
[[nodiscard]] tl::expected<Attributes, Refusal> parse_attributes(std::string_view list, CacheAttribute cache);

}  // namespace parley::api
