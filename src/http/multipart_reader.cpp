#include "http/multipart_reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "http/request.hpp"

namespace parley::http {

namespace {

constexpr std::size_t boundary_bytes_max = 70;  // RFC 2046, section 5.1.1

tl::unexpected<std::string> wrong(std::string sentence) { return tl::unexpected(std::move(sentence)); }

struct Parameter {
    std::string_view name;
    std::string value;  // without quotes and escapes
};

/// Takes a quoted string from the front of `text`. Empty when it has no end.
std::optional<std::string> take_quoted(std::string_view& text) {
    std::string value;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return value;
        }
        const bool escape =
            text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
        if (escape) ++i;
        value += text[i];
    }
    return std::nullopt;
}

/// Takes the next `; name=value` from the front of `text` (RFC 9110, section 5.6.6). An empty name: there is
/// none any more.
tl::expected<Parameter, std::string> take_parameter(std::string_view& text) {
    text = trim_space(text);
    if (text.empty()) return Parameter{};
    if (text.front() != ';') return wrong("Something other than a parameter follows a value.");
    text = trim_space(text.substr(1));
    if (text.empty()) return Parameter{};
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !is_token(text.substr(0, equals)))
        return wrong("A parameter is not NAME=VALUE.");
    Parameter parameter{.name = text.substr(0, equals), .value = {}};
    text.remove_prefix(equals + 1);
    if (text.starts_with('"')) {
        auto value = take_quoted(text);
        if (!value) return wrong("A quoted value has no end.");
        parameter.value = std::move(*value);
    } else {
        const auto value = text.substr(0, text.find(';'));
        parameter.value = trim_space(value);
        text.remove_prefix(value.size());
    }
    return parameter;
}

bool is_boundary(std::string_view text) {
    constexpr std::string_view characters =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ";
    return !text.empty() && text.size() <= boundary_bytes_max && text.back() != ' ' &&
           text.find_first_not_of(characters) == std::string_view::npos;
}

/// Undoes what browsers do to quotes and line ends; every other percent sign is one.
std::string decode_name(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto code = to_lower_ascii(text.substr(i, 3));
        const char c = code == "%22" ? '"' : code == "%0d" ? '\r' : code == "%0a" ? '\n' : '\0';
        decoded += c != '\0' ? c : text[i];
        if (c != '\0') i += 2;
    }
    return decoded;
}

/// Takes `value` for `target`, which must not have one yet.
tl::expected<void, std::string> set_once(std::optional<std::string>& target, std::string_view what,
                                         std::string_view value) {
    if (target) return wrong(fmt::format("A part has two values for {}.", what));
    target = value;
    return {};
}

/// What the fields of a part say, before it is known whether anything is missing.
struct PartFields {
    std::optional<std::string> name;
    std::optional<std::string> filename;
    std::optional<std::string> content_type;
    bool has_disposition = false;
};

tl::expected<void, std::string> read_disposition(std::string_view value, PartFields& fields) {
    if (std::exchange(fields.has_disposition, true))
        return wrong("A part has two Content-Disposition fields.");
    const auto semicolon = std::min(value.find(';'), value.size());
    if (!equals_ignoring_case(trim_space(value.substr(0, semicolon)), "form-data"))
        return wrong("The Content-Disposition of a part is not form-data.");
    auto rest = value.substr(semicolon);
    while (true) {
        const auto parameter = take_parameter(rest);
        if (!parameter) return wrong("The Content-Disposition of a part is broken: " + parameter.error());
        tl::expected<void, std::string> taken;
        if (parameter->name.empty()) return {};
        if (equals_ignoring_case(parameter->name, "name"))
            taken = set_once(fields.name, "its name", decode_name(parameter->value));
        if (equals_ignoring_case(parameter->name, "filename"))
            taken = set_once(fields.filename, "its filename", decode_name(parameter->value));
        if (!taken) return taken;
    }
}

tl::expected<void, std::string> read_field(std::string_view line, PartFields& fields) {
    const auto control = [](char c) {
        return (static_cast<std::uint8_t>(c) < 0x20 && c != '\t') || c == 0x7f;
    };
    if (std::ranges::any_of(line, control)) return wrong("The head of a part has a control character.");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        return wrong("A line in the head of a part is not NAME: VALUE.");
    const auto name = line.substr(0, colon);
    const auto value = trim_space(line.substr(colon + 1));
    if (equals_ignoring_case(name, "Content-Disposition")) return read_disposition(value, fields);
    if (equals_ignoring_case(name, "Content-Type"))
        return set_once(fields.content_type, "its Content-Type", value);
    if (!equals_ignoring_case(name, "Content-Transfer-Encoding")) return {};
    for (const std::string_view plain : {"binary", "8bit", "7bit"})
        if (equals_ignoring_case(value, plain)) return {};
    return wrong("A part has a Content-Transfer-Encoding, which HTTP does not use (RFC 7578, section 4.7).");
}

/// Reads the head of a part without its blank line.
tl::expected<MultipartPart, std::string> parse_part(std::string_view header) {
    PartFields fields;
    while (!header.empty()) {
        const auto end = header.find("\r\n");
        if (auto read = read_field(header.substr(0, end), fields); !read)
            return wrong(std::move(read.error()));
        header.remove_prefix(end + 2);
    }
    if (!fields.has_disposition) return wrong("A part has no Content-Disposition.");
    if (!fields.name) return wrong("A part has no name.");
    return MultipartPart{.name = std::move(*fields.name),
                         .filename = std::move(fields.filename),
                         .content_type = std::move(fields.content_type).value_or("text/plain")};
}

}  // namespace

tl::expected<std::string, std::string> multipart_boundary(std::string_view content_type) {
    const auto semicolon = std::min(content_type.find(';'), content_type.size());
    if (!equals_ignoring_case(trim_space(content_type.substr(0, semicolon)), "multipart/form-data"))
        return wrong("The Content-Type is not multipart/form-data.");
    auto rest = content_type.substr(semicolon);
    while (true) {
        auto parameter = take_parameter(rest);
        if (!parameter) return wrong("The Content-Type is broken: " + parameter.error());
        if (parameter->name.empty()) return wrong("The Content-Type names no boundary.");
        if (!equals_ignoring_case(parameter->name, "boundary")) continue;
        if (is_boundary(parameter->value)) return std::move(parameter->value);
        return wrong("The boundary in the Content-Type is not 1 to 70 characters of RFC 2046.");
    }
}

MultipartReader::MultipartReader(std::string_view boundary, MultipartHandler& handler,
                                 const MultipartLimits& limits)
    : delimiter_("\r\n--" + std::string(boundary)), handler_(handler), limits_(limits) {}

tl::expected<void, std::string> MultipartReader::feed(Bytes bytes) {
    auto input = as_text(bytes);
    while (!input.empty() && state_ != State::epilogue) {
        if (state_ == State::content) {
            read_content(input);
            continue;
        }
        const bool in_header = state_ == State::header;
        const auto read = in_header ? read_header(input.front()) : read_line_end(input.front());
        if (!read) return read;
        // Behind what turns out to be no delimiter, this byte is content.
        if (in_header || state_ != State::content) input.remove_prefix(1);
    }
    return {};
}

/// Takes content from the front of `input`, up to the end of the next delimiter.
void MultipartReader::read_content(std::string_view& input) {
    if (matched_ > 0) {
        const auto wanted = std::string_view(delimiter_).substr(matched_, input.size());
        const auto same = static_cast<std::size_t>(std::ranges::mismatch(wanted, input).in1 - wanted.begin());
        matched_ += same;
        input.remove_prefix(same);
        if (matched_ == delimiter_.size()) return meet_delimiter();
        if (input.empty()) return;
        give_back(matched_);
    }
    const auto at = input.find(delimiter_);
    if (at != std::string_view::npos) {
        emit(input.substr(0, at));
        input.remove_prefix(at + delimiter_.size());
        return meet_delimiter();
    }
    // Only one CR stands in a delimiter, so the last one of the input is the only place where it may begin.
    const auto begin = std::min(input.rfind('\r'), input.size());
    if (delimiter_.starts_with(input.substr(begin))) matched_ = input.size() - begin;
    emit(input.substr(0, input.size() - matched_));
    input = {};
}

void MultipartReader::meet_delimiter() {
    matched_ = 0;
    state_ = State::delimiter_end;
}

/// The first `bytes` of a delimiter were none, and belong to the content.
void MultipartReader::give_back(std::size_t bytes) {
    emit(std::string_view(delimiter_).substr(implied_, bytes - implied_));
    matched_ = 0;
    implied_ = 0;
}

void MultipartReader::emit(std::string_view data) {
    if (data.empty()) return;
    implied_ = 0;
    if (in_part_) handler_.on_part_data(as_bytes(data));
}

/// Reads what follows the boundary.
MultipartReader::Result MultipartReader::read_line_end(char c) {
    const bool first = state_ == State::delimiter_end;
    if (first && c == '-') {
        state_ = State::delimiter_dash;
    } else if (state_ == State::delimiter_dash && c == '-') {
        end_part();
        state_ = State::epilogue;
        handler_.on_parts_end();
    } else if (state_ == State::delimiter_lf && c == '\n') {
        end_part();
        state_ = State::header;
    } else if (state_ == State::delimiter_lf) {
        return wrong("The line of a boundary does not end with CR LF.");
    } else if (state_ != State::delimiter_dash && c == '\r') {
        state_ = State::delimiter_lf;
    } else if (state_ != State::delimiter_dash && (c == ' ' || c == '\t')) {
        state_ = State::delimiter_space;
    } else if (state_ == State::delimiter_space) {
        return wrong("Something other than spaces follows a boundary in its line.");
    } else {
        give_back(delimiter_.size());
        if (!first) emit("-");
        state_ = State::content;
    }
    return {};
}

void MultipartReader::end_part() {
    if (std::exchange(in_part_, false)) handler_.on_part_end();
}

MultipartReader::Result MultipartReader::read_header(char c) {
    if (header_.size() == limits_.part_header_bytes_max)
        return wrong(
            fmt::format("The head of a part is larger than {} bytes.", limits_.part_header_bytes_max));
    header_ += c;
    const bool complete = header_ == "\r\n" || header_.ends_with("\r\n\r\n");
    if (!complete) return {};
    if (part_count_++ == limits_.parts_max)
        return wrong(fmt::format("The form has more than {} parts.", limits_.parts_max));
    const auto part = parse_part(std::string_view(header_).substr(0, header_.size() - 2));
    if (!part) return wrong(part.error());
    header_ = {};
    in_part_ = true;
    state_ = State::content;
    matched_ = implied_ = line_end_bytes;
    handler_.on_part(*part);
    return {};
}

}  // namespace parley::http
