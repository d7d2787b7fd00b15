#pragma once

#include <span>

namespace parley::json {

/// Makes readable for simdjson's DOM what JSON allows and it refuses, although data that is only passed on
/// may hold it: integers beyond 64 bits (`JSON.stringify(1e20)` writes one) become fractions, exponents of
/// three digits and more zeros, and halves of surrogate pairs (a text cut within an emoji has one) become
/// U+FFFD. The length and everything else stay as they are, so that the original text can be read by the same
/// positions; and what is no JSON does not become any. Returns whether anything was changed.
bool hide_opaque_values(std::span<char> text);

}  // namespace parley::json
