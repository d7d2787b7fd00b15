#include "bench/marker.hpp"

#include <charconv>

#include <fmt/format.h>

namespace parley::bench {

namespace {

constexpr std::size_t number_digits = 6;
constexpr std::size_t sequence_digits = 8;
constexpr std::size_t due_digits = 16;

/// The next `digits` characters of `text`, hexadecimal; false when they are not.
template <class Number>
bool take(std::string_view& text, std::size_t digits, Number& number) {
    if (text.size() < digits) return false;
    const auto* end = text.data() + digits;
    const auto [stopped, error] = std::from_chars(text.data(), end, number, 16);
    text.remove_prefix(digits);
    return error == std::errc() && stopped == end;
}

}  // namespace

// The tilde is rare in JSON, so that the search seldom stops in vain.
MarkerCodec::MarkerCodec(std::uint32_t run) : prefix_(fmt::format("~pb{:08x}", run)) {}

void MarkerCodec::append(std::string& out, const Marker& marker, std::size_t bytes) const {
    fmt::format_to(std::back_inserter(out), "{}{:06x}{:06x}{:08x}{:016x}", prefix_, marker.channel,
                   marker.sender, marker.sequence, marker.due);
    if (bytes > marker_bytes) out.append(bytes - marker_bytes, 'x');
}

std::optional<Marker> MarkerCodec::find(std::string_view text) const {
    const auto place = text.find(prefix_);
    if (place == std::string_view::npos) return std::nullopt;
    text.remove_prefix(place + prefix_.size());
    Marker marker;
    if (!take(text, number_digits, marker.channel) || !take(text, number_digits, marker.sender) ||
        !take(text, sequence_digits, marker.sequence) || !take(text, due_digits, marker.due))
        return std::nullopt;
    return marker;
}

}  // namespace parley::bench
