#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace parley::load {

/// The member of a JSON object that a path of names leads to: a string's text, of anything else its JSON.
/// Throws when there is none.
[[nodiscard]] std::string member_at(std::string_view document, std::initializer_list<std::string_view> path);

/// The same for an integer.
[[nodiscard]] std::int64_t integer_at(std::string_view document,
                                      std::initializer_list<std::string_view> path);

}  // namespace parley::load
