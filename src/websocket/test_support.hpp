#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "websocket/frame_header.hpp"
#include "websocket/mask.hpp"
#include "websocket/message_reader.hpp"

namespace parley::websocket::test {

inline constexpr MaskKey key = {0x37, 0xFA, 0x21, 0x3D};  // of the example in RFC 6455, section 5.7

inline constexpr std::uint8_t fin = 0x80;
inline constexpr std::uint8_t rsv1 = 0x40;
inline constexpr std::uint8_t rsv2 = 0x20;
inline constexpr std::uint8_t rsv3 = 0x10;

inline std::uint8_t first_byte(Opcode opcode, int bits = fin) {
    return static_cast<std::uint8_t>(bits | static_cast<int>(opcode));
}

/// A client's frame with any first byte.
inline std::string client_frame(std::uint8_t first, std::string_view payload) {
    std::string frame(EncodedFrameHeader(Opcode::text, payload.size(), key).text());
    frame[0] = static_cast<char>(first);
    const std::size_t header_bytes = frame.size();
    frame += payload;
    apply_mask(
        MutableBytes(reinterpret_cast<std::uint8_t*>(frame.data()), frame.size()).subspan(header_bytes), key,
        0);
    return frame;
}

/// A client's frame with FIN.
inline std::string client_frame(Opcode opcode, std::string_view payload) {
    return client_frame(first_byte(opcode), payload);
}

/// A server's frame with FIN.
inline std::string server_frame(Opcode opcode, std::string_view payload) {
    return std::string(EncodedFrameHeader(opcode, payload.size()).text()).append(payload);
}

/// What a reader made of its input: a line per message, and the violation that ended it.
struct Reading {
    std::vector<std::string> messages;
    std::optional<Violation> violation;

    bool operator==(const Reading&) const = default;
};

inline std::string line_of(const Message& message) {
    constexpr std::string_view names[] = {"text ", "binary ", "close ", "ping ", "pong "};
    const auto opcode = static_cast<std::size_t>(message.opcode);
    return std::string(names[opcode < 8 ? opcode - 1 : opcode - 6]).append(message.payload);
}

/// Feeds one read's bytes; false after a violation.
inline bool feed(MessageReader& reader, std::string bytes, Reading& reading) {
    MutableBytes input(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
    for (;;) {
        const auto message = reader.next(input);
        if (!message) reading.violation = message.error();
        if (!message || !*message) return message.has_value();
        reading.messages.push_back(line_of(**message));
    }
}

}  // namespace parley::websocket::test
