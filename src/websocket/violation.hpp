#pragma once

#include <cstdint>
#include <string_view>

namespace parley::websocket {

/// What a peer can do wrong once the connection is open.
enum class Violation : std::uint8_t {
    unmasked_frame,           // from a client
    masked_frame,             // from a server
    reserved_bit,             // RSV1 where nothing negotiated it, RSV2 or RSV3
    unknown_opcode,           // 3 to 7, 11 to 15
    fragmented_control,       // a ping, pong or close without FIN
    oversized_control,        // a ping, pong or close of more than 125 bytes
    bad_length,               // a length with its top bit set, or in a longer form than it needs
    unexpected_continuation,  // no message has begun
    interleaved_message,      // the one before has not ended
    bad_close_payload,        // of one byte, or with a code that may not be sent
    invalid_utf8,             // in a text message or in the reason of a close frame
    broken_deflate,           // compressed data that does not inflate
    too_large,                // a message beyond the limit, after reassembly and inflation
};

/// The close code with which `violation` is answered (RFC 6455, section 7.4.1). Clients may connect again
/// after every one of them.
[[nodiscard]] std::uint16_t close_code_of(Violation violation);

/// A sentence for the close frame and for logs.
[[nodiscard]] std::string_view describe(Violation violation);

}  // namespace parley::websocket
