#include <string>

#include <benchmark/benchmark.h>

#include "crypto/digest.hpp"

namespace parley::crypto {
namespace {

/// The `body_md5` of a publish over HTTP.
void md5_of_body(benchmark::State& state) {
    const std::string body(static_cast<std::size_t>(state.range(0)), 'b');
    for (auto _ : state) benchmark::DoNotOptimize(md5_hex(body));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(md5_of_body)->Arg(200)->Arg(10'000)->Arg(100'000);

/// The `Sec-WebSocket-Accept` of a handshake, from a key with the protocol's own text behind it.
void answer_handshake_key(benchmark::State& state) {
    const std::string key = "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    for (auto _ : state) benchmark::DoNotOptimize(base64(sha1(key)));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(answer_handshake_key);

}  // namespace
}  // namespace parley::crypto
