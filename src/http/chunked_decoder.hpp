#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "http/request_error.hpp"
#include "http/request_head.hpp"

namespace parley::http {

/// Takes the chunk framing off a body, wherever it is cut (RFC 9112, section 7.1). Extensions are ignored and
/// trailers dropped; together they may not have more bytes than max_header_size, line ends not
/// counted.
class ChunkedDecoder {
public:
    /// Of the bytes given to `decode`: how many belong to the body and its framing, and what they carry.
    struct Decoded {
        std::size_t consumed;
        MutableBytes data;  // moved to the front of the input
    };

    /// Decodes the next bytes in place. Stops at the end of the body; until then it consumes all. Not to be
    /// called again after an error. `body` limits the data, max_header_size the rest; both may change between
    /// two calls.
    [[nodiscard]] tl::expected<Decoded, RequestError> decode(MutableBytes input, const Limits& limits,
                                                             const BodyLimit& body);

    /// Whether the body and its trailers are complete.
    [[nodiscard]] bool done() const { return state_ == State::done; }

private:
    enum class State : std::uint8_t {
        size,
        size_space,
        extension,
        size_line_end,
        data,
        data_cr,
        data_lf,
        trailer_line,
        trailer,
        trailer_line_end,
        last_line_end,
        done
    };

    [[nodiscard]] tl::expected<void, RequestError> step(char c, const Limits& limits, const BodyLimit& body);
    [[nodiscard]] tl::expected<void, RequestError> read_size(char c, const Limits& limits,
                                                             const BodyLimit& body);
    [[nodiscard]] tl::expected<void, RequestError> expect(char c, char wanted, State next);
    [[nodiscard]] tl::expected<void, RequestError> skip(char c, const Limits& limits, State line_end);
    [[nodiscard]] tl::expected<void, RequestError> count_extra(const Limits& limits);

    std::uint64_t chunk_left_ = 0;   // of the present chunk; while its size is read, the value so far
    std::uint64_t size_ = 0;         // of the body, the present chunk included
    std::uint64_t extra_bytes_ = 0;  // of extensions and trailers
    std::uint8_t size_digits_ = 0;
    State state_ = State::size;
};

}  // namespace parley::http
