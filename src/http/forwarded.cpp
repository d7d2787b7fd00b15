#include "http/forwarded.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "base/text.hpp"

namespace parley::http {

namespace {

/// Whether the character at `position` stands behind an odd number of backslashes (RFC 9110, section 5.6.4).
bool is_escaped(std::string_view text, std::size_t position) {
    std::size_t backslashes = 0;
    while (backslashes < position && text[position - backslashes - 1] == '\\') ++backslashes;
    return backslashes % 2 == 1;
}

/// Takes the last item of a list whose separators count outside of quoted strings only; empty when there is
/// none. From the end, since the right part is what the nearest proxy wrote: a quote that a client has left
/// open cannot swallow it.
std::optional<std::string_view> take_last(std::optional<std::string_view>& list, char separator) {
    if (!list) return std::nullopt;
    bool quoted = false;
    for (std::size_t at = list->size(); at-- > 0;) {
        const char c = (*list)[at];
        if (c == '"' && !is_escaped(*list, at)) quoted = !quoted;
        if (c != separator || quoted) continue;
        const auto item = list->substr(at + 1);
        list = list->substr(0, at);
        return trim_space(item);
    }
    return trim_space(*std::exchange(list, std::nullopt));
}

/// The text of a token or of a quoted string, which no address needs an escape in; empty for anything else.
std::optional<std::string_view> unquote(std::string_view value) {
    if (!value.starts_with('"')) return value;
    if (value.size() < 2 || !value.ends_with('"')) return std::nullopt;
    const auto inner = value.substr(1, value.size() - 2);
    if (inner.find_first_of("\"\\") != std::string_view::npos) return std::nullopt;
    return inner;
}

/// The node that an element of `Forwarded` says the request came from: its one parameter `for`.
std::optional<IpAddress> node_of_forwarded(std::string_view element) {
    std::optional<IpAddress> node;
    std::optional rest = element;
    while (const auto pair = take_last(rest, ';')) {
        const auto equals = pair->find('=');
        if (!equals_ignoring_case(pair->substr(0, equals), "for")) continue;
        if (node || equals == std::string_view::npos) return std::nullopt;
        const auto value = unquote(pair->substr(equals + 1));
        node = value ? parse_node(*value) : std::nullopt;
        if (!node) return std::nullopt;
    }
    return node;
}

/// One of the two fields that proxies write.
struct Field {
    std::string_view name;
    std::optional<IpAddress> (*node_of)(std::string_view element);
};

constexpr Field forwarded = {"Forwarded", node_of_forwarded};
constexpr Field x_forwarded_for = {"X-Forwarded-For", parse_node};

/// Walks from `peer` along the entries of all fields of that name, the last first, to the first that is not a
/// trusted proxy's.
IpAddress walk(const Request& request, const Field& field, const IpAddress& peer,
               const TrustedProxies& trusted) {
    auto client = peer;
    int hops = 0;
    for (const auto& header : std::views::reverse(request.headers)) {
        if (!equals_ignoring_case(header.name, field.name)) continue;
        std::optional list = header.value;
        while (const auto element = take_last(list, ',')) {
            if (++hops > forwarded_hops_max) return client;
            if (element->empty()) continue;  // RFC 9110, section 5.6.1.2
            const auto node = field.node_of(*element);
            if (!node) return client;
            client = *node;
            if (!trusted.contains(client)) return client;
        }
    }
    return client;
}

bool is_port(std::string_view text) {
    const auto number = parse_decimal(text);
    return number && *number <= 65'535 && text.size() <= 5;
}

}  // namespace

std::optional<IpAddress> parse_node(std::string_view node) {
    const auto colon = node.rfind(':');
    if (!node.starts_with('[')) {
        const bool has_port = colon != std::string_view::npos && node.find(':') == colon;
        if (has_port && !is_port(node.substr(colon + 1))) return std::nullopt;
        return parse_ip_address(has_port ? node.substr(0, colon) : node);
    }
    const auto end = node.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const auto behind = node.substr(end + 1);
    if (!behind.empty() && (behind.front() != ':' || !is_port(behind.substr(1)))) return std::nullopt;
    const auto address = node.substr(1, end - 1);
    if (address.find(':') == std::string_view::npos) return std::nullopt;  // IPv4 has no brackets
    return parse_ip_address(address);
}

IpAddress client_address(const Request& request, const IpAddress& peer, const TrustedProxies& trusted) {
    if (!trusted.contains(peer)) return peer;
    const bool has_forwarded = request.find_header(forwarded.name).has_value();
    const bool has_x_forwarded_for = request.find_header(x_forwarded_for.name).has_value();
    if (!has_forwarded && !has_x_forwarded_for) return peer;
    const auto client = walk(request, has_forwarded ? forwarded : x_forwarded_for, peer, trusted);
    const bool both = has_forwarded && has_x_forwarded_for;
    return both && walk(request, x_forwarded_for, peer, trusted) != client ? peer : client;
}

}  // namespace parley::http
