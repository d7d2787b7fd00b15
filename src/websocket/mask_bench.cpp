#include <vector>

#include <benchmark/benchmark.h>

#include "websocket/mask.hpp"

namespace parley::websocket {
namespace {

void unmask(benchmark::State& state) {
    std::vector<std::uint8_t> payload(static_cast<std::size_t>(state.range(0)), 'p');
    constexpr MaskKey key = {0x37, 0xFA, 0x21, 0x3D};
    for (auto _ : state) {
        benchmark::DoNotOptimize(payload.data());
        apply_mask(payload, key, 0);
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(unmask)->Arg(16)->Arg(125)->Arg(1'000)->Arg(65'536);

}  // namespace
}  // namespace parley::websocket
