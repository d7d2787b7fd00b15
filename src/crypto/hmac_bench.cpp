#include <string>

#include <benchmark/benchmark.h>

#include "crypto/hmac.hpp"

namespace parley::crypto {
namespace {

/// With a key that is ready, as a loop keeps it for each app. 32 bytes are about `SOCKET_ID:CHANNEL`.
void sign(benchmark::State& state) {
    const std::string message(static_cast<std::size_t>(state.range(0)), 'm');
    HmacSha256 hmac("7ad3773142a6692b25b8");
    for (auto _ : state) benchmark::DoNotOptimize(hmac.hex(message));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sign)->Arg(32)->Arg(256)->Arg(10'000);

/// Once per app and loop, and after every change of a secret.
void make_ready_to_sign(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(HmacSha256("7ad3773142a6692b25b8"));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(make_ready_to_sign);

}  // namespace
}  // namespace parley::crypto
