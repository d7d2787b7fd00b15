#include "http/request_head.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace parley::http {

namespace {

enum CharacterClass : std::uint8_t { value_class = 1, target_class = 2, host_class = 4 };

constexpr std::array<std::uint8_t, 256> make_classes() {
    std::array<std::uint8_t, 256> classes{};
    const auto mark = [&classes](std::string_view characters, int bits) {
        for (const char c : characters) {
            auto& entry = classes[static_cast<std::uint8_t>(c)];
            entry = static_cast<std::uint8_t>(entry | bits);
        }
    };
    for (std::size_t c = 0x21; c <= 0x7e; ++c) classes[c] = value_class | target_class;
    for (std::size_t c = 0x80; c <= 0xff; ++c) classes[c] = value_class;
    mark(" \t", value_class);
    mark("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", host_class);
    mark("-._~!$&'()*+,;=:[]%", host_class);  // RFC 3986, section 3.2.2, and the port's colon
    return classes;
}

constexpr auto classes = make_classes();

bool all_in(std::string_view text, CharacterClass wanted) {
    return std::ranges::all_of(
        text, [wanted](char c) { return (classes[static_cast<std::uint8_t>(c)] & wanted) != 0; });
}

/// Takes the next line, without its CR LF, from the front of `head`.
std::string_view take_line(std::string_view& head) {
    const auto end = head.find("\r\n");
    const auto line = head.substr(0, end);
    head.remove_prefix(end + 2);
    return line;
}

tl::unexpected<RequestError> refuse_long_head(std::string_view seen, const Limits& limits) {
    if (seen.find('\n') != std::string_view::npos)
        return refuse(431, fmt::format("The request head is larger than {} bytes (limits.max_header_size).",
                                       limits.max_header_size));
    if (seen.find(' ') == std::string_view::npos) return refuse(400, "The request line has no method.");
    return refuse(414, fmt::format("The request line is longer than {} bytes (limits.max_header_size).",
                                   limits.max_header_size));
}

tl::expected<int, RequestError> parse_version(std::string_view version) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !is_digit(version[5]) ||
        version[6] != '.' || !is_digit(version[7]))
        return refuse(400, "The request line does not end with an HTTP version.");
    if (version == "HTTP/1.1") return 1;
    if (version == "HTTP/1.0") return 0;
    return refuse(505, fmt::format("This server speaks HTTP/1.1 and HTTP/1.0, not {}.", version));
}

/// Removes scheme and authority (RFC 9112, section 3.2.2). Empty when `target` is not in absolute-form.
std::optional<std::string_view> path_of_absolute_form(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        const auto rest = target.substr(scheme.size());
        const auto authority = rest.substr(0, rest.find_first_of("/?#"));
        if (authority.empty()) return std::nullopt;
        return rest.substr(authority.size());
    }
    return std::nullopt;
}

tl::expected<void, RequestError> parse_target(Request& request) {
    auto target = request.target;
    if (target == "*" && request.method == "OPTIONS") {
        request.path = target;
        request.query = {};
        return {};
    }
    if (target.front() != '/') {
        const auto origin = path_of_absolute_form(target);
        if (!origin) return refuse(400, "The request target is neither a path nor an http URL.");
        target = *origin;
    }
    const auto question_mark = target.find('?');
    request.path = target.substr(0, question_mark);
    request.query =
        question_mark == std::string_view::npos ? std::string_view() : target.substr(question_mark + 1);
    if (request.path.empty()) request.path = "/";
    return {};
}

tl::expected<void, RequestError> parse_request_line(std::string_view line, const Limits& limits,
                                                    Request& request) {
    const auto first_space = line.find(' ');
    const auto last_space = line.rfind(' ');
    if (first_space == std::string_view::npos || first_space == last_space)
        return refuse(400, "The request line is not METHOD TARGET VERSION.");
    request.method = line.substr(0, first_space);
    request.target = line.substr(first_space + 1, last_space - first_space - 1);
    if (!is_token(request.method)) return refuse(400, "The request method is not a token.");
    if (exceeds(request.target.size(), limits.max_request_target))
        return refuse(
            414, fmt::format("The request target has {} bytes, more than {} (limits.max_request_target).",
                             request.target.size(), limits.max_request_target));
    if (request.target.empty() || !all_in(request.target, target_class))
        return refuse(400, "The request target is empty or has characters that must be percent-encoded.");
    const auto version = parse_version(line.substr(last_space + 1));
    if (!version) return tl::unexpected(version.error());
    request.minor_version = *version;
    return parse_target(request);
}

tl::expected<Header, RequestError> parse_field(std::string_view line) {
    if (line.front() == ' ' || line.front() == '\t')
        return refuse(400, "A header field is folded over two lines.");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return refuse(400, "A header field has no colon.");
    const Header field{.name = line.substr(0, colon), .value = trim_space(line.substr(colon + 1))};
    if (!is_token(field.name))
        return refuse(400, "The name of a header field is not a token, or a space stands before its colon.");
    if (!all_in(field.value, value_class))
        return refuse(400, fmt::format("The header field {} has a control character.", excerpt(field.name)));
    return field;
}

std::string in_brackets(std::string_view setting) {
    return setting.empty() ? std::string() : fmt::format(" ({})", setting);
}

/// Gathers the fields that decide where the message ends and what becomes of its connection.
class FramingFields {
public:
    tl::expected<void, RequestError> add(const Header& field) {
        const auto is = [&field](std::string_view name) { return equals_ignoring_case(field.name, name); };
        switch (field.name.size()) {
            case 4:
                return is("Host") ? add_host(field.value) : ok();
            case 6:
                return is("Expect") ? add_expectation(field.value) : ok();
            case 7:
                has_upgrade_ = has_upgrade_ || is("Upgrade");
                return {};
            case 10:
                if (is("Connection")) add_connection(field.value);
                return {};
            case 14:
                return is("Content-Length") ? add_content_length(field.value) : ok();
            case 17:
                if (is("Transfer-Encoding")) add_transfer_encoding(field.value);
                return {};
            default:
                return {};
        }
    }

    [[nodiscard]] tl::expected<RequestHead, RequestError> result(int minor_version) const {
        const bool is_1_1 = minor_version == 1;
        if (is_1_1 && !has_host_) return refuse(400, "The Host field is missing.");
        if (auto framing = check_transfer_encoding(is_1_1); !framing) return tl::unexpected(framing.error());
        if (is_1_1 && unknown_expectation_) return refuse(417, "Only the expectation 100-continue is known.");
        RequestHead head;
        if (has_transfer_encoding_) {
            head.framing = BodyFraming::chunked;
        } else if (content_length_) {
            head.framing = BodyFraming::length;
            head.content_length = *content_length_;
        }
        head.keep_alive = !connection_close_ && (is_1_1 || connection_keep_alive_);
        head.wants_upgrade = is_1_1 && connection_upgrade_ && has_upgrade_;
        head.expects_continue = is_1_1 && expects_continue_;
        return head;
    }

private:
    static tl::expected<void, RequestError> ok() { return {}; }

    tl::expected<void, RequestError> add_host(std::string_view value) {
        if (has_host_) return refuse(400, "The Host field is given twice.");
        if (!all_in(value, host_class))
            return refuse(400, "The Host field is not a host with an optional port.");
        has_host_ = true;
        return {};
    }

    tl::expected<void, RequestError> add_expectation(std::string_view value) {
        expects_continue_ = true;
        unknown_expectation_ = unknown_expectation_ || !equals_ignoring_case(value, "100-continue");
        return {};
    }

    void add_connection(std::string_view value) {
        connection_close_ = connection_close_ || list_has_token(value, "close");
        connection_keep_alive_ = connection_keep_alive_ || list_has_token(value, "keep-alive");
        connection_upgrade_ = connection_upgrade_ || list_has_token(value, "upgrade");
    }

    tl::expected<void, RequestError> add_content_length(std::string_view value) {
        const bool decimal =
            !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
        if (!decimal)
            return refuse(400,
                          fmt::format("The Content-Length \"{}\" is not a decimal number.", excerpt(value)));
        const std::optional length = parse_decimal(value).value_or(std::numeric_limits<std::uint64_t>::max());
        if (content_length_ && content_length_ != length)
            return refuse(400, "The Content-Length is given twice, with different values.");
        content_length_ = length;
        return {};
    }

    void add_transfer_encoding(std::string_view value) {
        has_transfer_encoding_ = true;
        while (true) {
            const auto comma = value.find(',');
            const auto coding = trim_space(value.substr(0, comma));
            if (equals_ignoring_case(coding, "chunked")) {
                ++chunked_count_;
            } else if (!coding.empty()) {
                unknown_coding_ = true;
            }
            if (comma == std::string_view::npos) return;
            value.remove_prefix(comma + 1);
        }
    }

    /// RFC 9112, sections 6.1 and 6.3: what does not frame the body beyond doubt is refused.
    [[nodiscard]] tl::expected<void, RequestError> check_transfer_encoding(bool is_1_1) const {
        if (!has_transfer_encoding_) return {};
        if (content_length_) return refuse(400, "Content-Length and Transfer-Encoding exclude each other.");
        if (!is_1_1) return refuse(400, "HTTP/1.0 has no Transfer-Encoding.");
        if (unknown_coding_) return refuse(501, "The only transfer coding known is chunked.");
        if (chunked_count_ != 1) return refuse(400, "Transfer-Encoding does not say chunked exactly once.");
        return {};
    }

    std::optional<std::uint64_t> content_length_;
    std::size_t chunked_count_ = 0;
    bool has_host_ = false;
    bool has_upgrade_ = false;
    bool has_transfer_encoding_ = false;
    bool unknown_coding_ = false;
    bool expects_continue_ = false;
    bool unknown_expectation_ = false;
    bool connection_close_ = false;
    bool connection_keep_alive_ = false;
    bool connection_upgrade_ = false;
};

}  // namespace

BodyLimit gathered_body_limit(const Limits& limits) {
    return {.bytes_max = static_cast<std::uint64_t>(limits.max_request_size),
            .setting = "limits.max_request_size"};
}

tl::expected<void, RequestError> check_content_length(const RequestHead& head, const BodyLimit& limit) {
    if (head.framing != BodyFraming::length || head.content_length <= limit.bytes_max) return {};
    return refuse(413, fmt::format("The request body has {} bytes, more than {}{}.", head.content_length,
                                   limit.bytes_max, in_brackets(limit.setting)));
}

tl::unexpected<RequestError> refuse_long_body(const BodyLimit& limit) {
    return refuse(413, fmt::format("The request body has more than {} bytes{}.", limit.bytes_max,
                                   in_brackets(limit.setting)));
}

bool may_begin_request(char first) { return is_token({&first, 1}); }

tl::expected<std::optional<std::size_t>, RequestError> find_head_end(std::string_view input,
                                                                     std::size_t searched,
                                                                     const Limits& limits) {
    const auto head_max = static_cast<std::size_t>(limits.max_header_size);
    const auto window = input.substr(0, head_max);
    for (auto at = window.find('\n', searched); at != std::string_view::npos;
         at = window.find('\n', at + 1)) {
        if (at == 0 || window[at - 1] != '\r')
            return refuse(400, "A line of the head does not end with CR LF.");
        if (at >= 2 && window[at - 2] == '\n') return at + 1;
    }
    if (input.size() >= head_max) return refuse_long_head(window, limits);
    return std::nullopt;
}

tl::expected<RequestHead, RequestError> parse_request_head(std::string_view head, const Limits& limits,
                                                           Request& request) {
    assert(head.size() >= 4 && head.substr(head.size() - 4) == "\r\n\r\n");
    request.headers.clear();
    request.body = {};
    if (auto line = parse_request_line(take_line(head), limits, request); !line)
        return tl::unexpected(std::move(line.error()));
    FramingFields framing;
    for (auto line = take_line(head); !line.empty(); line = take_line(head)) {
        const auto field = parse_field(line);
        if (!field) return tl::unexpected(field.error());
        if (request.headers.size() == header_fields_max)
            return refuse(431, fmt::format("The request has more than {} header fields.", header_fields_max));
        if (auto added = framing.add(*field); !added) return tl::unexpected(std::move(added.error()));
        request.headers.push_back(*field);
    }
    return framing.result(request.minor_version);
}

}  // namespace parley::http
