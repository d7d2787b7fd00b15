#include "websocket/violation.hpp"

#include "websocket/close_code.hpp"
#include "websocket/frame_header.hpp"

namespace parley::websocket {

std::uint16_t close_code_of(Violation violation) {
    switch (violation) {
        case Violation::invalid_utf8:
        case Violation::broken_deflate:
            return close_code::invalid_payload;
        case Violation::too_large:
            return close_code::message_too_big;
        case Violation::unmasked_frame:
        case Violation::masked_frame:
        case Violation::reserved_bit:
        case Violation::unknown_opcode:
        case Violation::fragmented_control:
        case Violation::oversized_control:
        case Violation::bad_length:
        case Violation::unexpected_continuation:
        case Violation::interleaved_message:
        case Violation::bad_close_payload:
            break;
    }
    return close_code::protocol_error;
}

std::string_view describe(Violation violation) {
    switch (violation) {
        case Violation::unmasked_frame:
            return "A client's frame is not masked.";
        case Violation::masked_frame:
            return "A server's frame is masked.";
        case Violation::reserved_bit:
            return "A reserved bit is set that no extension uses.";
        case Violation::unknown_opcode:
            return "The opcode is reserved.";
        case Violation::fragmented_control:
            return "A control frame is fragmented.";
        case Violation::oversized_control:
            static_assert(control_payload_bytes_max == 125);
            return "A control frame has more than 125 bytes.";
        case Violation::bad_length:
            return "A payload length is not in its shortest form, or its top bit is set.";
        case Violation::unexpected_continuation:
            return "A continuation frame continues nothing.";
        case Violation::interleaved_message:
            return "A message begins before the last one has ended.";
        case Violation::bad_close_payload:
            return "A close frame has no valid code.";
        case Violation::invalid_utf8:
            return "Text is not valid UTF-8.";
        case Violation::broken_deflate:
            return "Compressed data does not inflate.";
        case Violation::too_large:
            return "The message is too large (limits.max_message_size).";
    }
    return "The protocol was violated.";
}

}  // namespace parley::websocket
