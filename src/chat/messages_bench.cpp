#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "chat/messages.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

/// What sending costs the thread that writes, without the commit, which messages that wait together share:
/// all of a run are sent in one transaction.
void send_in_one_transaction(benchmark::State& state, test::World& world, const std::vector<Actor>& senders,
                             Id conversation_id) {
    world.change([&](Change& change) {
        std::size_t turn = 0;
        const NewMessage message{.body = "Good morning! Shall we meet at ten in the small room?"};
        for (auto _ : state) {
            auto sent = send_message(change, senders[turn++ % senders.size()], conversation_id, message);
            if (!sent) state.SkipWithError("a message was refused");
            benchmark::DoNotOptimize(change.take_broadcasts());
        }
    });
    state.SetItemsProcessed(state.iterations());
}

std::vector<Actor> add_users(test::World& world, std::int64_t count) {
    std::vector<Actor> users;
    for (std::int64_t i = 0; i < count; ++i) users.push_back(world.add_user("User" + std::to_string(i)));
    return users;
}

/// Everybody of a group sends in turn.
void send_to_group(benchmark::State& state) {
    test::World world(store::Dialect::sqlite);
    const auto users = add_users(world, state.range(0));
    const auto group = world.add_group(users[0], "Group", {users.begin() + 1, users.end()});
    send_in_one_transaction(state, world, users, group.id);
}
BENCHMARK(send_to_group)->Arg(2)->Arg(10)->Arg(100)->Unit(benchmark::kMicrosecond);

void send_to_one(benchmark::State& state) {
    test::World world(store::Dialect::sqlite);
    const auto users = add_users(world, 2);
    const auto direct = world.add_direct(users[0], users[1]);
    send_in_one_transaction(state, world, {users[0]}, direct.id);
}
BENCHMARK(send_to_one)->Unit(benchmark::kMicrosecond);

void answer_each_other(benchmark::State& state) {
    test::World world(store::Dialect::sqlite);
    const auto users = add_users(world, 2);
    const auto direct = world.add_direct(users[0], users[1]);
    send_in_one_transaction(state, world, users, direct.id);
}
BENCHMARK(answer_each_other)->Unit(benchmark::kMicrosecond);

void send_to_general_room(benchmark::State& state) {
    test::World world(store::Dialect::sqlite);
    const auto users = add_users(world, state.range(0));
    send_in_one_transaction(state, world, users, world.general_of(users[0]).id);
}
BENCHMARK(send_to_general_room)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace parley::chat
