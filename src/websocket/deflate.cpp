#include "websocket/deflate.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

#include <zlib.h>

#include "base/bytes.hpp"
#include "base/check.hpp"

namespace parley::websocket {

namespace {

constexpr int raw_window_bits = -MAX_WBITS;  // negative: deflate data without a zlib header
constexpr int memory_level = 8;              // zlib's default: 268 kB with the largest window

// A large message does not leave its buffer behind, beyond the next message.
constexpr std::size_t kept_bytes_max = 256 * 1024;
constexpr std::size_t first_bytes_min = 1024;

// The end of every flushed message, which is not sent (RFC 7692, section 7.2.1).
constexpr std::array<std::uint8_t, 4> tail = {0x00, 0x00, 0xFF, 0xFF};

// inflate() sets this bit of data_type when it stands between two blocks.
constexpr int between_blocks = 128;

/// Makes room for `bytes` without keeping what was there.
void provide(std::vector<std::uint8_t>& buffer, std::size_t bytes) {
    if (buffer.size() >= bytes && buffer.size() <= std::max(bytes, kept_bytes_max)) return;
    buffer = {};
    buffer.resize(bytes);
}

void set_input(z_stream& stream, Bytes input) {
    assert(input.size() <= std::numeric_limits<uInt>::max());
    // zlib never writes through next_in; its type predates const.
    stream.next_in = const_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
}

void set_output(z_stream& stream, MutableBytes output) {
    stream.next_out = output.data();
    stream.avail_out =
        static_cast<uInt>(std::min<std::size_t>(output.size(), std::numeric_limits<uInt>::max()));
}

}  // namespace

struct Deflater::State {
    State() {
        const int result = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, raw_window_bits,
                                        memory_level, Z_DEFAULT_STRATEGY);
        PARLEY_CHECK(result == Z_OK, "zlib cannot start a compressor");
    }
    ~State() { deflateEnd(&stream); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    z_stream stream{};
};

Deflater::Deflater() = default;
Deflater::~Deflater() = default;

std::optional<std::string_view> Deflater::deflate(std::string_view payload) {
    if (state_ == nullptr) {
        state_ = std::make_unique<State>();
    } else {
        deflateReset(&state_->stream);
    }
    // Without its tail the result is smaller than the payload, or it does not fit.
    const std::size_t room = payload.size() + tail.size();
    provide(out_, room);
    auto& stream = state_->stream;
    set_input(stream, as_bytes(payload));
    set_output(stream, MutableBytes(out_).first(room));
    ::deflate(&stream, Z_SYNC_FLUSH);
    if (stream.avail_out == 0) return std::nullopt;
    const std::size_t size = room - stream.avail_out;
    assert(std::equal(tail.begin(), tail.end(), &out_[size - tail.size()]));
    return as_text(Bytes(out_).first(size - tail.size()));
}

struct Inflater::State {
    State() {
        PARLEY_CHECK(inflateInit2(&stream, raw_window_bits) == Z_OK, "zlib cannot start a decompressor");
    }
    ~State() { inflateEnd(&stream); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    z_stream stream{};
    std::size_t written = 0;  // bytes of the message so far
    bool ended = false;       // the last byte of input ended a block with BFINAL
};

Inflater::Inflater() = default;
Inflater::~Inflater() = default;

tl::expected<std::string_view, Violation> Inflater::inflate(std::string_view compressed,
                                                            std::size_t bytes_max) {
    if (state_ == nullptr) {
        state_ = std::make_unique<State>();
    } else {
        inflateReset(&state_->stream);
    }
    state_->written = 0;
    state_->ended = false;
    provide(out_, std::min(bytes_max + 1, std::max(compressed.size() * 4, first_bytes_min)));

    if (const auto fed = feed(as_bytes(compressed), bytes_max); !fed) return tl::unexpected(fed.error());
    if (!state_->ended) {
        if (const auto fed = feed(tail, bytes_max); !fed) return tl::unexpected(fed.error());
        if (!state_->ended && (state_->stream.data_type & between_blocks) == 0)
            return tl::unexpected(Violation::broken_deflate);
    }
    return as_text(Bytes(out_).first(state_->written));
}

tl::expected<void, Violation> Inflater::feed(Bytes input, std::size_t bytes_max) {
    auto& stream = state_->stream;
    set_input(stream, input);
    for (;;) {
        // One byte of room beyond the limit tells a message that fills it from one that goes past it.
        if (state_->written == out_.size()) out_.resize(std::min(bytes_max + 1, out_.size() * 2));
        const auto room = MutableBytes(out_).subspan(state_->written);
        set_output(stream, room);
        const int result = ::inflate(&stream, Z_SYNC_FLUSH);
        state_->written += room.size() - stream.avail_out;
        if (state_->written > bytes_max) return tl::unexpected(Violation::too_large);
        if (result == Z_STREAM_END) {
            // A block with BFINAL ends the stream, not the message (RFC 7692, section 7.2.3.4).
            state_->ended = stream.avail_in == 0;
            if (state_->ended) return {};
            inflateReset(&stream);
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            return tl::unexpected(Violation::broken_deflate);
        } else if (stream.avail_out > 0) {
            return {};
        }
    }
}

}  // namespace parley::websocket
