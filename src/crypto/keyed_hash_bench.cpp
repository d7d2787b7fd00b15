#include <string>

#include <benchmark/benchmark.h>

#include "crypto/keyed_hash.hpp"

namespace parley::crypto {
namespace {

/// The name of a channel, which is looked up for every event: a usual one and the longest.
void hash_name(benchmark::State& state) {
    const std::string name(static_cast<std::size_t>(state.range(0)), 'n');
    for (auto _ : state) benchmark::DoNotOptimize(KeyedHash{}(name));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(hash_name)->Arg(24)->Arg(200);

}  // namespace
}  // namespace parley::crypto
