#include "hub/admission.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace parley::hub {

namespace {

constexpr std::uint64_t oldest_protocol = 4;
constexpr std::uint64_t newest_protocol = 7;
constexpr std::size_t quoted_bytes_max = 40;

/// The first value of `name` in a raw query, decoded; empty when there is none. A repeated or strange
/// parameter is no reason to refuse anybody.
std::string find_parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto piece = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), piece.size() + 1));
        const auto equals = piece.find('=');
        if (equals != std::string_view::npos && piece.substr(0, equals) == name)
            return percent_decode(piece.substr(equals + 1), PlusSign::space);
    }
    return {};
}

bool is_integer(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::optional<ConnectionRefusal> check_path_and_protocol(std::string_view key, std::string_view query) {
    using pusher::CloseCode;
    using pusher::RefusalCode;
    if (key.empty() || key.find('/') != std::string_view::npos)
        return ConnectionRefusal{CloseCode::path_not_found, RefusalCode::path_malformed,
                                 "The path must end with /app/KEY, the key of an app."};
    const auto protocol = find_parameter(query, "protocol");
    if (protocol.empty()) return std::nullopt;
    if (!is_integer(protocol))
        return ConnectionRefusal{CloseCode::invalid_version, RefusalCode::protocol_not_a_number,
                                 "The query's protocol is not a number."};
    const auto version = parse_decimal(protocol);
    if (!version || *version < oldest_protocol || *version > newest_protocol)
        return ConnectionRefusal{
            CloseCode::unsupported_protocol, RefusalCode::protocol_unsupported,
            fmt::format("Protocol {} is not supported; {} to {} are.",
                        truncate_utf8(protocol, quoted_bytes_max), oldest_protocol, newest_protocol)};
    return std::nullopt;
}

}  // namespace parley::hub
