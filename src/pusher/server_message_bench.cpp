#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "pusher/server_message.hpp"

namespace parley::pusher {
namespace {

void make_greeting(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(connection_established_message({1'234, 5'678'901}, 30));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(make_greeting);

void make_subscription_answer(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(subscription_succeeded_message("private-foobar"));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(make_subscription_answer);

/// An event with `range(0)` bytes of data, which is JSON and so has a quotation mark to escape every some
/// bytes. Bytes are those of the data.
void make_event(benchmark::State& state) {
    constexpr std::string_view member = R"("name":"Ann","state":"open",)";
    std::string data;
    while (data.size() < static_cast<std::size_t>(state.range(0))) data += member;
    data.resize(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) benchmark::DoNotOptimize(event_message("moved", "private-foobar", data));
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(make_event)->Arg(16)->Arg(200)->Arg(10'000)->Arg(100'000);

/// The answer to a newcomer on a presence channel of `range(0)` members. Items are members.
void list_members(benchmark::State& state) {
    std::vector<std::string> ids;
    for (std::int64_t i = 0; i < state.range(0); ++i) ids.push_back(std::to_string(100'000 + i));
    std::vector<MemberView> members;
    for (const auto& id : ids)
        members.push_back({id, R"({"name":"Somebody","email":"somebody@example.com"})"});
    for (auto _ : state) benchmark::DoNotOptimize(presence_succeeded_message("presence-foobar", members));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(list_members)->Arg(1)->Arg(100)->Arg(1'000);

}  // namespace
}  // namespace parley::pusher
