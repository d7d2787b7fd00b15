#include "websocket/deflate_offer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "http/request.hpp"

namespace parley::websocket {

namespace {

constexpr std::uint8_t window_bits_min = 8;
constexpr auto window_bits_max = DeflateParameters::window_bits_max;

/// What stands before the first `separator` outside of a quoted string; `rest` loses it and the separator.
std::string_view take_until(std::string_view& rest, char separator) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < rest.size() && (quoted || rest[end] != separator); ++end) {
        if (rest[end] == '"') quoted = !quoted;
        if (quoted && rest[end] == '\\') ++end;
    }
    const auto taken = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + 1));
    return http::trim_space(taken);
}

/// A parameter's value without the quotes that it may have; no value that we know has an escape in it.
std::string_view unquote(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') return value;
    return value.substr(1, value.size() - 2);
}

/// A window size as RFC 7692, section 7.1.2.1 has it: decimal, 8 to 15, without leading zeros.
std::optional<std::uint8_t> parse_window_bits(std::string_view value) {
    const auto number = parse_decimal(value);
    if (!number || value.front() == '0' || *number < window_bits_min || *number > window_bits_max)
        return std::nullopt;
    return static_cast<std::uint8_t>(*number);
}

/// The parameters of one offer, as far as they were read.
class Offer {
public:
    /// False when the offer must be declined.
    [[nodiscard]] bool add(std::string_view parameter) {
        const auto equals_sign = parameter.find('=');
        const auto name = http::trim_space(parameter.substr(0, equals_sign));
        const auto position =
            static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
        if (position == names.size() || std::exchange(seen_[position], true)) return false;
        if (equals_sign == std::string_view::npos) return accept(name, std::nullopt);
        return accept(name, unquote(http::trim_space(parameter.substr(equals_sign + 1))));
    }

    [[nodiscard]] const DeflateParameters& parameters() const { return parameters_; }

private:
    static constexpr std::array<std::string_view, 4> names = {
        "server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits",
        "client_max_window_bits"};

    [[nodiscard]] bool accept(std::string_view name, std::optional<std::string_view> value) {
        if (name.ends_with("no_context_takeover")) return !value;
        // A client may leave its own window open; ours it can only limit.
        if (!value) return name == "client_max_window_bits";
        const auto bits = parse_window_bits(*value);
        if (!bits) return false;
        if (name == "server_max_window_bits") parameters_.server_window_bits = *bits;
        return true;
    }

    std::array<bool, names.size()> seen_{};
    DeflateParameters parameters_;
};

std::optional<DeflateParameters> read_offer(std::string_view offer) {
    if (take_until(offer, ';') != "permessage-deflate") return std::nullopt;
    Offer read;
    while (!offer.empty())
        if (!read.add(take_until(offer, ';'))) return std::nullopt;
    return read.parameters();
}

}  // namespace

std::optional<DeflateParameters> accept_deflate_offer(std::string_view extensions) {
    while (!extensions.empty())
        if (const auto parameters = read_offer(take_until(extensions, ','))) return parameters;
    return std::nullopt;
}

std::string encode_deflate_answer(const DeflateParameters& parameters) {
    std::string answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    // RFC 7692, section 7.1.2.1: an offer that limits our window is accepted by saying so.
    if (parameters.server_window_bits < window_bits_max)
        answer += "; server_max_window_bits=" + std::to_string(parameters.server_window_bits);
    return answer;
}

}  // namespace parley::websocket
