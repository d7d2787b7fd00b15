#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/bytes.hpp"
#include "websocket/frame_header.hpp"
#include "websocket/violation.hpp"

namespace parley::bench {

/// Cuts the bytes of a server into messages. Unlike `websocket::MessageReader` it takes the text on trust: a
/// load generator that checked its UTF-8 would measure that. Whole messages are seen in place; only what is
/// cut off at the end of a read is kept.
class FrameReader {
public:
    struct Message {
        websocket::Opcode opcode;  // never continuation
        std::string_view payload;  // gone after the call
    };

    static constexpr std::uint64_t message_bytes_max = std::uint64_t{1} << 27U;

    /// Calls `take(Message)` for each message that is whole with `input`. After an error the reader must not
    /// be used any more.
    template <class Take>
    [[nodiscard]] tl::expected<void, websocket::Violation> read(Bytes input, Take&& take) {
        if (rest_.empty()) return read_from(input, 0, take);
        rest_.insert(rest_.end(), input.begin(), input.end());
        return read_from(rest_, rest_.size(), take);
    }

    /// How many bytes are kept for a message that is not whole.
    [[nodiscard]] std::size_t kept_bytes() const { return rest_.size() + message_.size(); }

private:
    struct Frame {
        websocket::FrameHeader header;
        std::string_view payload;
    };

    template <class Take>
    [[nodiscard]] tl::expected<void, websocket::Violation> read_from(Bytes input, std::size_t kept,
                                                                     Take& take) {
        auto left = input;
        for (;;) {
            const auto frame = next_frame(left);
            if (!frame) return tl::unexpected(frame.error());
            if (!*frame) break;
            const auto message = whole_message(**frame);
            if (!message) return tl::unexpected(message.error());
            if (*message) take(**message);
        }
        keep(left, kept);
        return {};
    }

    [[nodiscard]] static tl::expected<std::optional<Frame>, websocket::Violation> next_frame(Bytes& input);
    [[nodiscard]] tl::expected<std::optional<Message>, websocket::Violation> whole_message(
        const Frame& frame);
    void keep(Bytes left, std::size_t kept);

    std::vector<std::uint8_t> rest_;  // of a frame that is not whole
    std::string message_;             // of fragments so far
    std::optional<websocket::Opcode> fragmented_;
    bool message_given_ = false;  // message_ was handed out and is to be forgotten
};

}  // namespace parley::bench
