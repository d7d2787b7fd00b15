#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace parley::http {

/// One decoded pair of a form. Any bytes: whoever wants text checks that it is UTF-8.
struct FormField {
    std::string name;
    std::string value;
};

/// A form with more fields than this is refused.
inline constexpr std::size_t form_fields_max = 1'000;

/// Reads an application/x-www-form-urlencoded body, or a query (URL standard, section 5.1): pairs between
/// `&`, empty ones dropped, name and value divided by the first `=`, `+` a space. In the order in which they
/// are sent; a name may come more than once. The error is a sentence for people.
[[nodiscard]] tl::expected<std::vector<FormField>, std::string> parse_form(std::string_view text);

}  // namespace parley::http
