#pragma once

#include <string>
#include <string_view>

namespace parley::config {

/// Whether `text` may be the id or the key of an app: only characters that a URL never escapes (RFC 3986,
/// section 2.3), so that no client can spell it differently.
[[nodiscard]] bool is_credential(std::string_view text);

/// The rule of `is_credential`; completes "it must be …".
[[nodiscard]] std::string credential_rule();

/// Whether a URL never escapes `c`.
[[nodiscard]] bool is_unreserved(char c);

/// Whether `text` may stand in a list of allowed origins: a host, or a scheme, a host and perhaps a port,
/// with `*` for any run of characters.
[[nodiscard]] bool is_origin_pattern(std::string_view text);

/// The rule of `is_origin_pattern`.
inline constexpr const char* origin_pattern_rule =
    "hosts such as *.example.com or origins such as https://example.com:8443, without a path; * allows all";

}  // namespace parley::config
