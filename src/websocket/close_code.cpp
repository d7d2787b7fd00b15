#include "websocket/close_code.hpp"

#include <cassert>

#include "base/utf8.hpp"
#include "websocket/frame_header.hpp"

namespace parley::websocket {

namespace {

constexpr std::size_t code_bytes = 2;

}  // namespace

tl::expected<CloseReason, Violation> parse_close_payload(std::string_view payload) {
    if (payload.empty()) return CloseReason{};
    if (payload.size() < code_bytes) return tl::unexpected(Violation::bad_close_payload);
    const auto bytes = as_bytes(payload);
    const auto code = static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
    if (!may_be_sent(code)) return tl::unexpected(Violation::bad_close_payload);
    const auto reason = payload.substr(code_bytes);
    if (!is_valid_utf8(reason)) return tl::unexpected(Violation::invalid_utf8);
    return CloseReason{code, reason};
}

std::string encode_close_payload(std::uint16_t code, std::string_view reason) {
    assert(may_be_sent(code));
    const auto fitting = truncate_utf8(reason, control_payload_bytes_max - code_bytes);
    std::string payload;
    payload.reserve(code_bytes + fitting.size());
    payload.push_back(static_cast<char>(code >> 8));
    payload.push_back(static_cast<char>(code & 0xFF));
    payload.append(fitting);
    return payload;
}

}  // namespace parley::websocket
