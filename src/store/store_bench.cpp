#include <latch>
#include <string>

#include <benchmark/benchmark.h>

#include "store/store.hpp"
#include "store/test_support.hpp"

namespace parley::store {
namespace {

const Statement insert_user(
    "INSERT INTO users (name, email, email_key, password_hash, created_at, updated_at) "
    "VALUES ($1, $1, $1, '', CAST($2 AS BIGINT), 0)");

/// Durable writes while `range(0)` tasks wait at a time; items are writes.
void write_waiting(benchmark::State& state, Dialect dialect) {
    if (dialect == Dialect::postgresql) test::PostgresqlTestServer::instance().sync_writes();
    const test::FreshStore store(dialect);
    const auto waiting = state.range(0);
    std::int64_t number = 0;
    for (auto _ : state) {
        std::latch done(waiting);
        for (std::int64_t i = 0; i < waiting; ++i) {
            store->write([name = std::to_string(++number)](
                             Transaction& tx) { return tx.execute(insert_user, {name, tx.next_change()}); },
                         [&done, &state](const auto& outcome) {
                             if (!outcome) state.SkipWithError("a write failed");
                             done.count_down();
                         });
        }
        done.wait();
    }
    state.SetItemsProcessed(state.iterations() * waiting);
}

BENCHMARK_CAPTURE(write_waiting, sqlite, Dialect::sqlite)->Arg(1)->Arg(16)->Arg(256)->UseRealTime();
BENCHMARK_CAPTURE(write_waiting, postgresql, Dialect::postgresql)->Arg(1)->Arg(16)->Arg(256)->UseRealTime();

}  // namespace
}  // namespace parley::store
