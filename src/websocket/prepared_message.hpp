#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "base/bytes.hpp"
#include "net/frame.hpp"
#include "websocket/deflate.hpp"

namespace parley::websocket {

/// One outgoing text message, encoded once and shared by many connections on many loops. Immutable; copies
/// are cheap and may be used by different threads.
class PreparedMessage {
public:
    /// `payload` must be valid UTF-8. It gets a compressed form, too, if connections may use deflate and it
    /// has at least `deflate_threshold` bytes; without one this costs one allocation.
    [[nodiscard]] static PreparedMessage text(std::string_view payload, DeflateUse deflate,
                                              std::size_t deflate_threshold);

    /// The frame for everybody.
    [[nodiscard]] const net::SharedFrame& plain() const { return plain_; }

    /// The frame for connections with deflate: compressed by the first loop that asks, with its `deflater`,
    /// while the others wait. The plain one if the message has no compressed form or that is no smaller.
    [[nodiscard]] net::SharedFrame deflated(Deflater& deflater) const;

    /// The text of the message, without its frame header. Borrowed.
    [[nodiscard]] std::string_view payload() const { return as_text(plain_->bytes().subspan(header_bytes_)); }

    [[nodiscard]] std::size_t payload_bytes() const { return payload().size(); }

private:
    struct Compressed;

    net::SharedFrame plain_;
    std::size_t header_bytes_ = 0;            // of `plain_`
    std::shared_ptr<Compressed> compressed_;  // null when there is none
};

}  // namespace parley::websocket
