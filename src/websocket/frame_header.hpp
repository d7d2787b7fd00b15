#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include <tl/expected.hpp>

#include "base/bytes.hpp"
#include "websocket/mask.hpp"
#include "websocket/violation.hpp"

namespace parley::websocket {

/// RFC 6455, section 5.2.
enum class Opcode : std::uint8_t {
    continuation = 0x0,
    text = 0x1,
    binary = 0x2,
    close = 0x8,
    ping = 0x9,
    pong = 0xA,
};

[[nodiscard]] constexpr bool is_control(Opcode opcode) { return static_cast<std::uint8_t>(opcode) >= 0x8; }

inline constexpr std::size_t control_payload_bytes_max = 125;  // RFC 6455, section 5.5
inline constexpr std::size_t frame_header_bytes_max = 14;

/// Which side of the connection wrote a frame: clients mask, servers do not (RFC 6455, section 5.1).
enum class Role : std::uint8_t { client, server };

struct FrameHeader {
    Opcode opcode;
    bool final;
    bool compressed;              // RSV1; only on the first frame of a message
    std::uint8_t size_bytes;      // of this header, mask key included: 2 to 14
    std::uint64_t payload_bytes;  // at most payload_bytes_max
    MaskKey mask_key;             // zeros from a server
};

/// What is expected of the frames of a peer.
struct FrameRules {
    Role sender;
    bool deflate_negotiated;
    std::uint64_t payload_bytes_max;
};

/// Reads one frame header from the front of `input` (RFC 6455, section 5.2). Empty when more bytes are
/// needed; refuses at the first byte that is wrong. Never reads past `input`, never allocates.
[[nodiscard]] tl::expected<std::optional<FrameHeader>, Violation> read_frame_header(Bytes input,
                                                                                    const FrameRules& rules);

/// How the payload of a message stands in its frames (RFC 7692, section 6).
enum class Compression : std::uint8_t { none, deflate };

/// An encoded frame header.
class EncodedFrameHeader {
public:
    /// The header of a server's frame: FIN set, RSV1 if the payload is compressed.
    EncodedFrameHeader(Opcode opcode, std::uint64_t payload_bytes,
                       Compression compression = Compression::none);

    /// The header of a client's frame, FIN set; the payload must be masked with `mask_key`.
    EncodedFrameHeader(Opcode opcode, std::uint64_t payload_bytes, const MaskKey& mask_key);

    [[nodiscard]] std::string_view text() const { return as_text(Bytes(bytes_).first(size_)); }

private:
    void append_length(std::uint64_t payload_bytes, std::uint8_t masked);

    std::array<std::uint8_t, frame_header_bytes_max> bytes_;
    std::uint8_t size_;
};

}  // namespace parley::websocket
