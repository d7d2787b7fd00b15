#include <string>

#include <benchmark/benchmark.h>

#include "websocket/frame_header.hpp"
#include "websocket/prepared_message.hpp"

namespace parley::websocket {
namespace {

/// An event as the server sends it: header and payload in one frame, made once for all who get it.
void make_frame(benchmark::State& state) {
    const std::string payload(static_cast<std::size_t>(state.range(0)), 'p');
    for (auto _ : state)
        benchmark::DoNotOptimize(PreparedMessage::text(payload, DeflateUse::refused, SIZE_MAX));
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(make_frame)->Arg(16)->Arg(125)->Arg(1'000)->Arg(65'536);

/// The header alone, of 2, 4 and 10 bytes.
void make_header(benchmark::State& state) {
    auto payload_bytes = static_cast<std::uint64_t>(state.range(0));
    for (auto _ : state) {
        benchmark::DoNotOptimize(payload_bytes);
        benchmark::DoNotOptimize(EncodedFrameHeader(Opcode::text, payload_bytes));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(make_header)->Arg(125)->Arg(1'000)->Arg(65'536);

/// A copy that goes into an outbox and out of it again.
void share_frame(benchmark::State& state) {
    const auto message = PreparedMessage::text(std::string(200, 'p'), DeflateUse::refused, SIZE_MAX);
    for (auto _ : state) {
        const net::SharedFrame copy = message.plain();
        benchmark::DoNotOptimize(&*copy);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(share_frame);

}  // namespace
}  // namespace parley::websocket
