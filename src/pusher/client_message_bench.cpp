#include <string>

#include <benchmark/benchmark.h>

#include "pusher/client_message.hpp"

namespace parley::pusher {
namespace {

constexpr std::size_t depth_max = 32;
constexpr std::string_view ping = R"({"event":"pusher:ping","data":{}})";
constexpr std::string_view subscribe_public =
    R"({"event":"pusher:subscribe","data":{"auth":"","channel":"project-3"}})";
constexpr std::string_view subscribe_private =
    R"({"event":"pusher:subscribe","data":{"auth":"278d425bdf160c739803:)"
    R"(58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4","channel":"private-foobar"}})";
constexpr std::string_view subscribe_presence =
    R"({"event":"pusher:subscribe","data":{"auth":"278d425bdf160c739803:)"
    R"(31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80","channel_data":)"
    R"("{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Channels\"}}","channel":"presence-foobar"}})";

/// What client libraries send, as they spell it.
void read(benchmark::State& state, std::string_view text) {
    ClientMessageReader reader(depth_max);
    for (auto _ : state) {
        const auto message = reader.read(text);
        if (std::holds_alternative<Refusal>(message)) state.SkipWithError("the message is refused");
        benchmark::DoNotOptimize(message);
    }
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(read, ping, ping);
BENCHMARK_CAPTURE(read, subscribe_public, subscribe_public);
BENCHMARK_CAPTURE(read, subscribe_private, subscribe_private);
BENCHMARK_CAPTURE(read, subscribe_presence, subscribe_presence);

/// With data of about `range(0)` bytes: a list of numbers, so that there is JSON to look at.
void read_client_event(benchmark::State& state) {
    std::string list;
    for (int i = 0; list.size() < static_cast<std::size_t>(state.range(0)); ++i)
        list += (list.empty() ? "" : ",") + std::to_string(i);
    read(state, R"({"event":"client-moved","channel":"private-foobar","data":{"points":[)" + list + "]}}");
}
BENCHMARK(read_client_event)->Arg(200)->Arg(10'000);

}  // namespace
}  // namespace parley::pusher
