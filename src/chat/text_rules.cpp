#include "chat/text_rules.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace parley::chat {

namespace {

/// The characters with the property White_Space (Unicode 15, PropList.txt), in UTF-8.
constexpr std::array<std::string_view, 25> white_space = {
    "\t",           "\n",           "\v",           "\f",           "\r",           " ",
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
    "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
    "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f",
    "\xe3\x80\x80"};

/// As Laravel shows a field's name in a sentence.
std::string shown(std::string_view field) {
    std::string words(field);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

tl::unexpected<Refusal> no_email(std::string_view field) {
    return invalid(std::string(field),
                   fmt::format("The {} field must be a valid email address.", shown(field)));
}

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7f; }
bool is_ascii(unsigned char c) { return c < 0x80; }
bool is_letter_or_digit(unsigned char c) {
    const auto lower = to_lower_ascii(static_cast<char>(c));
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

/// An atom's characters (RFC 5322, section 3.2.3), and those beyond ASCII (RFC 6531, section 3.3).
bool is_atom_text(unsigned char c) {
    return !is_ascii(c) || is_letter_or_digit(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(static_cast<char>(c)) != std::string_view::npos;
}

bool is_label(std::string_view label) {
    constexpr std::size_t label_bytes_max = 63;
    return !label.empty() && label.size() <= label_bytes_max && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(),
                       [](unsigned char c) { return !is_ascii(c) || is_letter_or_digit(c) || c == '-'; });
}

/// Whether `text` is pieces between dots of which each `is_piece`.
template <class IsPiece>
bool is_dotted(std::string_view text, IsPiece is_piece) {
    for (;;) {
        const auto dot = text.find('.');
        if (!is_piece(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_local_part(std::string_view text) {
    constexpr std::size_t local_part_bytes_max = 64;
    return text.size() <= local_part_bytes_max && is_dotted(text, [](std::string_view atom) {
               return !atom.empty() && std::all_of(atom.begin(), atom.end(), is_atom_text);
           });
}

/// What follows `scheme` in `text`; empty when it does not begin with it, in either case.
std::string_view after_scheme(std::string_view text, std::string_view scheme) {
    if (!equals_ignoring_case(text.substr(0, scheme.size()), scheme)) return {};
    return text.substr(scheme.size());
}

}  // namespace

std::string_view trim_white_space(std::string_view text) {
    const auto leads = [&text](std::string_view space) { return text.starts_with(space); };
    const auto trails = [&text](std::string_view space) { return text.ends_with(space); };
    for (auto space = white_space.end();
         (space = std::find_if(white_space.begin(), white_space.end(), leads)) != white_space.end();)
        text.remove_prefix(space->size());
    for (auto space = white_space.end();
         (space = std::find_if(white_space.begin(), white_space.end(), trails)) != white_space.end();)
        text.remove_suffix(space->size());
    return text;
}

bool has_control_characters(std::string_view text, LineBreaks line_breaks) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (line_breaks == LineBreaks::allowed && (c == '\n' || c == '\t')) continue;
        // U+0080 to U+009F are C2 80 to C2 9F.
        if (is_control(c) ||
            (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0))
            return true;
    }
    return false;
}

Result<std::string> check_line(std::string_view field, std::string_view text, std::int64_t characters_max) {
    const auto line = trim_white_space(text);
    if (line.empty())
        return invalid(std::string(field), fmt::format("The {} field is required.", shown(field)));
    if (exceeds(count_code_points(line), characters_max))
        return invalid(std::string(field), fmt::format("The {} field must not be greater than {} characters.",
                                                       shown(field), characters_max));
    if (has_control_characters(line, LineBreaks::refused))
        return invalid(std::string(field),
                       fmt::format("The {} field must not contain control characters.", shown(field)));
    return std::string(line);
}

Result<std::string> check_email(std::string_view field, std::string_view text, std::int64_t bytes_max) {
    const auto email = trim_white_space(text);
    if (email.empty())
        return invalid(std::string(field), fmt::format("The {} field is required.", shown(field)));
    if (exceeds(email.size(), bytes_max))
        return invalid(std::string(field), fmt::format("The {} field must not be greater than {} characters.",
                                                       shown(field), bytes_max));
    const auto at = email.rfind('@');
    if (at == std::string_view::npos || has_control_characters(email, LineBreaks::refused))
        return no_email(field);
    const auto domain = email.substr(at + 1);
    constexpr std::size_t domain_bytes_max = 255;
    if (domain.size() > domain_bytes_max || !is_local_part(email.substr(0, at)) ||
        !is_dotted(domain, is_label))
        return no_email(field);
    return std::string(email);
}

std::string email_key(std::string_view email) { return to_lower_ascii(trim_white_space(email)); }

Result<std::string> check_web_address(std::string_view field, std::string_view text) {
    const auto address = trim_white_space(text);
    auto rest = after_scheme(address, "https://");
    if (rest.empty()) rest = after_scheme(address, "http://");
    const auto host = rest.substr(0, rest.find_first_of("/?#"));
    const auto is_unfit = [](unsigned char c) {
        return c <= ' ' || c == 0x7f ||
               std::string_view("\"<>\\^`{|}").find(static_cast<char>(c)) != std::string_view::npos;
    };
    if (host.empty() || address.size() > web_address_bytes_max || host.find('@') != std::string_view::npos ||
        std::any_of(address.begin(), address.end(), is_unfit) ||
        has_control_characters(address, LineBreaks::refused))
        return invalid(std::string(field), fmt::format("The {} field must be a valid URL.", shown(field)));
    return std::string(address);
}

std::string like_anywhere(std::string_view text) {
    std::string pattern = "%";
    for (const char c : to_lower_ascii(text)) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern += '%';
}

}  // namespace parley::chat
