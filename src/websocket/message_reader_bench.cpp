#include <algorithm>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "websocket/mask.hpp"
#include "websocket/message_reader.hpp"

namespace parley::websocket {
namespace {

constexpr std::size_t message_bytes_max = 262'144;

/// A client's text message of `payload_bytes`. The reader unmasks in place, so that the frame is another one
/// when it is read again: with this key, ASCII becomes ASCII and a frame can be read any number of times.
std::vector<std::uint8_t> text_frame(std::int64_t payload_bytes) {
    constexpr MaskKey key = {1, 2, 3, 4};
    const auto size = static_cast<std::uint64_t>(payload_bytes);
    const EncodedFrameHeader header(Opcode::text, size, key);
    const auto header_bytes = as_bytes(header.text());
    std::vector<std::uint8_t> frame(header_bytes.begin(), header_bytes.end());
    frame.insert(frame.end(), size, 'p');
    return frame;
}

/// The next message of `input`; false, and the benchmark ends, when there is none.
bool read_message(MessageReader& reader, MutableBytes& input, benchmark::State& state) {
    const auto message = reader.next(input);
    const bool is_read = message && *message && (*message)->opcode == Opcode::text;
    if (!is_read) state.SkipWithError("the message was not read whole");
    benchmark::DoNotOptimize(message);
    return is_read;
}

/// A masked frame that lies whole in the read buffer: header, unmasking, check of the text.
void read_whole_frame(benchmark::State& state) {
    auto frame = text_frame(state.range(0));
    MessageReader reader(Role::client, message_bytes_max, nullptr);
    for (auto _ : state) {
        MutableBytes input(frame);
        if (!read_message(reader, input, state)) break;
    }
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(read_whole_frame)->Arg(16)->Arg(125)->Arg(1'000)->Arg(65'536);

/// The same cut into two reads in its middle, as a frame larger than the read buffer always is: it is kept
/// and put together.
void read_cut_frame(benchmark::State& state) {
    auto frame = text_frame(state.range(0));
    MessageReader reader(Role::client, message_bytes_max, nullptr);
    for (auto _ : state) {
        auto front = MutableBytes(frame).first(frame.size() / 2);
        auto rest = MutableBytes(frame).subspan(frame.size() / 2);
        const auto nothing = reader.next(front);
        if (!nothing || *nothing) {
            state.SkipWithError("half a frame was taken for a message");
            break;
        }
        if (!read_message(reader, rest, state)) break;
    }
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(read_cut_frame)->Arg(1'000)->Arg(65'536);

}  // namespace
}  // namespace parley::websocket
