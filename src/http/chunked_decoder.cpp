#include "http/chunked_decoder.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace parley::http {

namespace {

constexpr int size_digits_max = 16;

bool is_control(char c) { return (static_cast<std::uint8_t>(c) < 0x20 && c != '\t') || c == 0x7f; }

}  // namespace

tl::expected<ChunkedDecoder::Decoded, RequestError> ChunkedDecoder::decode(MutableBytes input,
                                                                           const Limits& limits,
                                                                           const BodyLimit& body) {
    std::size_t read = 0;
    std::size_t written = 0;
    while (read < input.size() && state_ != State::done) {
        if (state_ != State::data) {
            auto stepped = step(static_cast<char>(input[read++]), limits, body);
            if (!stepped) return tl::unexpected(std::move(stepped.error()));
            continue;
        }
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, input.size() - read));
        std::memmove(input.data() + written, input.data() + read, count);
        read += count;
        written += count;
        chunk_left_ -= count;
        if (chunk_left_ == 0) state_ = State::data_cr;
    }
    return Decoded{.consumed = read, .data = input.first(written)};
}

tl::expected<void, RequestError> ChunkedDecoder::step(char c, const Limits& limits, const BodyLimit& body) {
    switch (state_) {
        case State::size:
            return read_size(c, limits, body);
        case State::size_space:
            if (c == ';') {
                state_ = State::extension;
            } else if (c != ' ' && c != '\t') {
                return refuse(400, "The size of a chunk is not a hexadecimal number.");
            }
            return count_extra(limits);
        case State::extension:
            return skip(c, limits, State::size_line_end);
        case State::size_line_end:
            return expect(c, '\n', chunk_left_ > 0 ? State::data : State::trailer_line);
        case State::data_cr:
            return expect(c, '\r', State::data_lf);
        case State::data_lf:
            size_digits_ = 0;
            return expect(c, '\n', State::size);
        case State::trailer_line:
            if (c == '\r') return expect(c, '\r', State::last_line_end);
            state_ = State::trailer;
            return skip(c, limits, State::trailer_line_end);
        case State::trailer:
            return skip(c, limits, State::trailer_line_end);
        case State::trailer_line_end:
            return expect(c, '\n', State::trailer_line);
        case State::last_line_end:
            return expect(c, '\n', State::done);
        case State::data:
        case State::done:
            break;
    }
    assert(false);
    return {};
}

tl::expected<void, RequestError> ChunkedDecoder::read_size(char c, const Limits& limits,
                                                           const BodyLimit& body) {
    const auto digit = hex_digit_value(c);
    if (digit && size_digits_ < size_digits_max) {
        // Asked before the number is made, which the largest limits would let overflow.
        const auto room = body.bytes_max - std::min(body.bytes_max, size_);  // it may have been lowered
        if (*digit > room || chunk_left_ > (room - *digit) / 16) return refuse_long_body(body);
        chunk_left_ = chunk_left_ * 16 + *digit;
        ++size_digits_;
        return {};
    }
    const bool ends = size_digits_ > 0 && (c == '\r' || c == ';' || c == ' ' || c == '\t');
    if (!ends) return refuse(400, "The size of a chunk is not a hexadecimal number.");
    size_ += chunk_left_;
    if (c == '\r') return expect(c, '\r', State::size_line_end);
    state_ = c == ';' ? State::extension : State::size_space;
    return count_extra(limits);
}

tl::expected<void, RequestError> ChunkedDecoder::expect(char c, char wanted, State next) {
    if (c != wanted)
        return refuse(400, "A line or the data of a chunk does not end with CR LF where it must.");
    state_ = next;
    return {};
}

tl::expected<void, RequestError> ChunkedDecoder::skip(char c, const Limits& limits, State line_end) {
    if (c == '\r') return expect(c, '\r', line_end);
    if (is_control(c)) return refuse(400, "A chunk extension or a trailer has a control character.");
    return count_extra(limits);
}

tl::expected<void, RequestError> ChunkedDecoder::count_extra(const Limits& limits) {
    if (exceeds(++extra_bytes_, limits.max_header_size))
        return refuse(
            431,
            fmt::format("Chunk extensions and trailers have more than {} bytes (limits.max_header_size).",
                        limits.max_header_size));
    return {};
}

}  // namespace parley::http
