#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <tl/expected.hpp>

#include "base/bytes.hpp"
#include "websocket/deflate.hpp"
#include "websocket/frame_header.hpp"
#include "websocket/violation.hpp"

namespace parley::websocket {

enum class MessageKind : std::uint8_t { text, binary };

/// A whole text or binary message, or a control frame.
struct Message {
    Opcode opcode;  // never continuation
    std::string_view payload;
};

/// Puts messages together from the bytes of one peer, cut anywhere. While nothing is incomplete it holds no
/// memory; what it holds for an incomplete message grows with the bytes received, not with those announced.
class MessageReader {
public:
    /// Reads what `sender` writes. `inflater` is null when deflate was not negotiated; it must outlive the
    /// reader.
    MessageReader(Role sender, std::size_t message_bytes_max, Inflater* inflater);
    ~MessageReader();
    MessageReader(const MessageReader&) = delete;
    MessageReader& operator=(const MessageReader&) = delete;

    /// For the messages that begin from now on, and for what is still to come of one that has begun.
    void set_message_bytes_max(std::size_t bytes) { message_bytes_max_ = bytes; }

    /// Takes the next message from the front of `input`, unmasking in place; control frames come when they
    /// are complete, also in the middle of a message. Empty when all of `input` is taken and more is needed.
    /// Its payload is valid until the next call and as long as the memory behind `input`; text is valid
    /// UTF-8, which is checked as it arrives (RFC 6455, section 8.1). The payload of a close frame is not
    /// looked at: see close_code.hpp. After a violation the reader must not be used any more.
    [[nodiscard]] tl::expected<std::optional<Message>, Violation> next(MutableBytes& input);

    /// Whether it holds memory, for a message that is incomplete or that `next` has just returned.
    [[nodiscard]] bool holds_memory() const { return assembly_ != nullptr; }

private:
    struct Assembly;

    void forget_finished();
    [[nodiscard]] Assembly& assembly();
    [[nodiscard]] tl::expected<std::optional<FrameHeader>, Violation> take_header(MutableBytes& input);
    [[nodiscard]] tl::expected<void, Violation> check_frame(const FrameHeader& header) const;
    [[nodiscard]] tl::expected<void, Violation> take_payload(MutableBytes& input);
    [[nodiscard]] tl::expected<std::optional<Message>, Violation> end_frame();
    [[nodiscard]] tl::expected<std::optional<Message>, Violation> whole_frame(const FrameHeader& header,
                                                                              MutableBytes& input);
    [[nodiscard]] tl::expected<std::optional<Message>, Violation> inflate(Opcode opcode,
                                                                          std::string_view compressed) const;

    std::unique_ptr<Assembly> assembly_;
    Inflater* inflater_;
    std::size_t message_bytes_max_;
    Role sender_;
};

}  // namespace parley::websocket
