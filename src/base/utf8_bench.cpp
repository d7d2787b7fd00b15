#include <string>

#include <benchmark/benchmark.h>

#include "base/utf8.hpp"

namespace parley {
namespace {

constexpr std::string_view english = "The quick brown fox jumps over the lazy dog. ";
constexpr std::string_view german = "Schöne Grüße aus Köln, und bis übermorgen! ";
constexpr std::string_view japanese = "おはようございます。今日もよろしくお願いします。";
constexpr std::string_view emoji = "😀🎉🚀🌍";

/// `characters` again and again: valid UTF-8 of `bytes` bytes.
std::string text_of(std::string_view characters, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += characters;
    text = truncate_utf8(text, bytes);
    return text.append(bytes - text.size(), '.');
}

/// A text of `range(0)` bytes that is there as a whole, as that of nearly every message is.
void check_text(benchmark::State& state, std::string_view characters) {
    const auto text = text_of(characters, static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        if (!is_valid_utf8(text)) state.SkipWithError("the text is refused");
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(check_text, english, english)->Arg(16)->Arg(125)->Arg(1'000)->Arg(65'536);
BENCHMARK_CAPTURE(check_text, german, german)->Arg(16)->Arg(125)->Arg(1'000)->Arg(65'536);
BENCHMARK_CAPTURE(check_text, japanese, japanese)->Arg(125)->Arg(65'536);
BENCHMARK_CAPTURE(check_text, emoji, emoji)->Arg(125)->Arg(65'536);

}  // namespace
}  // namespace parley
