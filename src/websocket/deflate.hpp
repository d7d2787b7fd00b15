#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/bytes.hpp"
#include "websocket/violation.hpp"

namespace parley::websocket {

/// Whether a server accepts offers of permessage-deflate.
enum class DeflateUse : std::uint8_t { refused, accepted };

/// What was agreed on for one connection. Neither side ever takes its context over to the next message (RFC
/// 7692, section 7.1.1), so that one compressor serves all connections of a loop and compressed frames can be
/// shared.
struct DeflateParameters {
    static constexpr std::uint8_t window_bits_max = 15;

    std::uint8_t server_window_bits = window_bits_max;  // 8 to 15

    /// Whether the peer can inflate a message of this size. We compress with the largest window; where the
    /// peer's is smaller, the message must fit into it: without an earlier context no reference reaches
    /// further back than the message is long.
    [[nodiscard]] bool allows(std::size_t payload_bytes) const {
        return server_window_bits == window_bits_max || payload_bytes <= std::size_t{1} << server_window_bits;
    }
};

/// Compresses single messages (RFC 7692, section 7.2.1). One per loop, not thread-safe; takes its 268 kB with
/// the first message.
class Deflater {
public:
    Deflater();
    ~Deflater();
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    /// The payload of a compressed frame, valid until the next call. Empty when it would not be smaller than
    /// `payload`.
    [[nodiscard]] std::optional<std::string_view> deflate(std::string_view payload);

private:
    struct State;
    std::unique_ptr<State> state_;
    std::vector<std::uint8_t> out_;
};

/// Inflates single messages (RFC 7692, section 7.2.2). One per loop, not thread-safe.
class Inflater {
public:
    Inflater();
    ~Inflater();
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// The message whose frames carried `compressed`, valid until the next call. too_large: it would have
    /// more than `bytes_max` bytes, however small it came; broken_deflate: it is no deflate data, or not all
    /// of it.
    [[nodiscard]] tl::expected<std::string_view, Violation> inflate(std::string_view compressed,
                                                                    std::size_t bytes_max);

private:
    struct State;
    [[nodiscard]] tl::expected<void, Violation> feed(Bytes input, std::size_t bytes_max);

    std::unique_ptr<State> state_;
    std::vector<std::uint8_t> out_;
};

/// The most bytes that a message of at most `bytes_max` may take when it comes compressed: incompressible
/// data gets a little larger.
[[nodiscard]] constexpr std::uint64_t compressed_bytes_max(std::size_t bytes_max) {
    return std::uint64_t{bytes_max} + bytes_max / 8 + 64;
}

}  // namespace parley::websocket
