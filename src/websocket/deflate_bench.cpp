#include <string>

#include <benchmark/benchmark.h>

#include "websocket/deflate.hpp"

namespace parley::websocket {
namespace {

/// JSON as applications send it: names that come again, numbers that do not.
std::string json_list(std::int64_t bytes) {
    std::string text = "[";
    for (std::uint32_t i = 0; text.size() < static_cast<std::size_t>(bytes); ++i)
        text += R"({"id":)" + std::to_string(i * 2'654'435'761U) + R"(,"state":"open"},)";
    text.resize(static_cast<std::size_t>(bytes));
    return text;
}

void compress(benchmark::State& state) {
    const auto text = json_list(state.range(0));
    Deflater deflater;
    for (auto _ : state) {
        const auto compressed = deflater.deflate(text);
        if (!compressed) state.SkipWithError("the text did not get smaller");
        benchmark::DoNotOptimize(compressed);
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(compress)->Arg(1'000)->Arg(65'536);

/// Bytes are those that come out.
void decompress(benchmark::State& state) {
    const auto text = json_list(state.range(0));
    Deflater deflater;
    const std::string compressed(deflater.deflate(text).value_or(""));
    Inflater inflater;
    for (auto _ : state) {
        const auto inflated = inflater.inflate(compressed, text.size());
        if (!inflated) state.SkipWithError("the text was not inflated");
        benchmark::DoNotOptimize(inflated);
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(decompress)->Arg(1'000)->Arg(65'536);

}  // namespace
}  // namespace parley::websocket
