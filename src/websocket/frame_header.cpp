#include "websocket/frame_header.hpp"

#include <algorithm>

namespace parley::websocket {

namespace {

// First byte: FIN, RSV1, RSV2, RSV3, opcode. Second byte: MASK, length or the form of the length that
// follows.
constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t reserved_1_bit = 0x40;
constexpr std::uint8_t reserved_2_and_3_bits = 0x30;
constexpr std::uint8_t opcode_bits = 0x0F;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t length_bits = 0x7F;
constexpr std::uint8_t length_of_2_bytes = 126;
constexpr std::uint8_t length_of_8_bytes = 127;

bool is_known(std::uint8_t opcode) {
    switch (static_cast<Opcode>(opcode)) {
        case Opcode::continuation:
        case Opcode::text:
        case Opcode::binary:
        case Opcode::close:
        case Opcode::ping:
        case Opcode::pong:
            return true;
    }
    return false;
}

std::optional<Violation> check_first_byte(std::uint8_t byte, const FrameRules& rules) {
    const std::uint8_t opcode = byte & opcode_bits;
    if ((byte & reserved_2_and_3_bits) != 0) return Violation::reserved_bit;
    if (!is_known(opcode)) return Violation::unknown_opcode;
    const bool begins_message =
        !is_control(static_cast<Opcode>(opcode)) && static_cast<Opcode>(opcode) != Opcode::continuation;
    // RFC 7692, section 6.1: RSV1 belongs to the first frame of a message.
    if ((byte & reserved_1_bit) != 0 && !(rules.deflate_negotiated && begins_message))
        return Violation::reserved_bit;
    if (is_control(static_cast<Opcode>(opcode)) && (byte & final_bit) == 0)
        return Violation::fragmented_control;
    return std::nullopt;
}

std::optional<Violation> check_second_byte(std::uint8_t byte, Opcode opcode, const FrameRules& rules) {
    const bool masked = (byte & mask_bit) != 0;
    if (rules.sender == Role::client && !masked) return Violation::unmasked_frame;
    if (rules.sender == Role::server && masked) return Violation::masked_frame;
    if (is_control(opcode) && (byte & length_bits) > control_payload_bytes_max)
        return Violation::oversized_control;
    return std::nullopt;
}

std::uint8_t extended_length_bytes(std::uint8_t length) {
    if (length == length_of_8_bytes) return 8;
    return length == length_of_2_bytes ? 2 : 0;
}

std::uint64_t read_big_endian(Bytes bytes) {
    std::uint64_t value = 0;
    for (const auto byte : bytes) value = value << 8 | byte;
    return value;
}

/// The length behind the second byte; RFC 6455, section 5.2: the minimal number of bytes must be used, and
/// the most significant bit must be 0.
tl::expected<std::uint64_t, Violation> read_extended_length(Bytes bytes) {
    const std::uint64_t length = read_big_endian(bytes);
    const std::uint64_t least = bytes.size() == 2 ? length_of_2_bytes : 0x1'0000;
    if (length < least || length >> 63U != 0) return tl::unexpected(Violation::bad_length);
    return length;
}

}  // namespace

tl::expected<std::optional<FrameHeader>, Violation> read_frame_header(Bytes input, const FrameRules& rules) {
    if (input.empty()) return std::nullopt;
    if (const auto violation = check_first_byte(input[0], rules)) return tl::unexpected(*violation);
    if (input.size() < 2) return std::nullopt;
    FrameHeader header{};
    header.opcode = static_cast<Opcode>(input[0] & opcode_bits);
    header.final = (input[0] & final_bit) != 0;
    header.compressed = (input[0] & reserved_1_bit) != 0;
    if (const auto violation = check_second_byte(input[1], header.opcode, rules))
        return tl::unexpected(*violation);

    header.payload_bytes = input[1] & length_bits;
    std::size_t size = 2;
    if (const auto length_bytes = extended_length_bytes(input[1] & length_bits); length_bytes > 0) {
        if (input.size() < size + length_bytes) return std::nullopt;
        const auto length = read_extended_length(input.subspan(size, length_bytes));
        if (!length) return tl::unexpected(length.error());
        header.payload_bytes = *length;
        size += length_bytes;
    }
    if (!is_control(header.opcode) && header.payload_bytes > rules.payload_bytes_max)
        return tl::unexpected(Violation::too_large);

    if (rules.sender == Role::client) {
        if (input.size() < size + header.mask_key.size()) return std::nullopt;
        std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(size), header.mask_key.size(),
                    header.mask_key.begin());
        size += header.mask_key.size();
    }
    header.size_bytes = static_cast<std::uint8_t>(size);
    return header;
}

EncodedFrameHeader::EncodedFrameHeader(Opcode opcode, std::uint64_t payload_bytes, Compression compression) {
    const auto rsv1 = compression == Compression::deflate ? reserved_1_bit : 0;
    bytes_[0] = static_cast<std::uint8_t>(final_bit | rsv1 | static_cast<std::uint8_t>(opcode));
    append_length(payload_bytes, 0);
}

EncodedFrameHeader::EncodedFrameHeader(Opcode opcode, std::uint64_t payload_bytes, const MaskKey& mask_key) {
    bytes_[0] = static_cast<std::uint8_t>(final_bit | static_cast<std::uint8_t>(opcode));
    append_length(payload_bytes, mask_bit);
    std::copy(mask_key.begin(), mask_key.end(), bytes_.begin() + size_);
    size_ = static_cast<std::uint8_t>(size_ + mask_key.size());
}

void EncodedFrameHeader::append_length(std::uint64_t payload_bytes, std::uint8_t masked) {
    std::uint8_t length = length_of_8_bytes;
    if (payload_bytes < length_of_2_bytes) length = static_cast<std::uint8_t>(payload_bytes);
    if (payload_bytes >= length_of_2_bytes && payload_bytes <= 0xFFFF) length = length_of_2_bytes;
    bytes_[1] = masked | length;
    size_ = 2;
    for (std::uint8_t left = extended_length_bytes(length); left > 0; --left)
        bytes_[size_++] = static_cast<std::uint8_t>(payload_bytes >> (8U * (left - 1U)));
}

}  // namespace parley::websocket
