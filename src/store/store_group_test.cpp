#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/store.hpp"
#include "store/test_support.hpp"

namespace parley::store {
namespace {

using namespace std::chrono_literals;

const Statement insert_change(
    "INSERT INTO users (name, email, email_key, password_hash, created_at, updated_at) "
    "VALUES ($1, $1, $1, '', CAST($2 AS BIGINT), 0)");
const Statement count_changes("SELECT COUNT(*), MAX(created_at) FROM users");

std::int64_t add_change(Transaction& tx, const std::string& name) {
    const auto change = tx.next_change();
    tx.execute(insert_change, {name, change});
    return change;
}

/// How many changes are visible, and the last of them.
std::pair<std::int64_t, std::int64_t> changes(Store& store) {
    return store
        .read_and_wait([](Transaction& tx) {
            const auto rows = tx.query(count_changes);
            return std::pair(rows.front().integer(0), rows.front().optional_integer(1).value_or(0));
        })
        .value();
}

/// Holds the only thread of a kind until it is opened.
class Gate {
public:
    Gate(Store& store, Store::Access access) {
        auto work = [this](Transaction&) {
            reached_.set_value();
            opened_.get_future().wait();
            return Nothing();
        };
        if (access == Store::Access::write) {
            store.write(work, [](auto) {});
        } else {
            store.read(work, [](auto) {});
        }
        reached_.get_future().wait();
    }
    void open() { opened_.set_value(); }

private:
    std::promise<void> reached_;
    std::promise<void> opened_;
};

class StoreGroupTest : public testing::TestWithParam<Dialect> {
protected:
    test::FreshDatabase database_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Databases, StoreGroupTest, testing::ValuesIn(test::databases()),
                         test::name_of_database);

TEST_P(StoreGroupTest, SharesACommitAmongWhatWaits) {
    const auto store = database_.open();
    Gate gate(*store, Store::Access::write);
    std::latch done(100);
    for (int i = 0; i < 100; ++i)
        store->write([i](Transaction& tx) { return add_change(tx, std::to_string(i)); },
                     [&done](auto) { done.count_down(); });
    gate.open();
    done.wait();
    EXPECT_EQ(store->statistics().writes, 101U);
    EXPECT_EQ(store->statistics().commits, 2U) << "the gate's and that of all others";
}

TEST_P(StoreGroupTest, LimitsHowManyShareACommit) {
    const auto store = database_.open({.group_tasks_max = 10});
    Gate gate(*store, Store::Access::write);
    std::latch done(21);
    for (int i = 0; i < 21; ++i)
        store->write([i](Transaction& tx) { return add_change(tx, std::to_string(i)); },
                     [&done](auto) { done.count_down(); });
    gate.open();
    done.wait();
    EXPECT_EQ(store->statistics().commits, 1U + 3U);
}

TEST_P(StoreGroupTest, AnswersInTheOrderOfTheCommits) {
    const auto store = database_.open({.group_tasks_max = 7});
    Gate gate(*store, Store::Access::write);
    std::vector<int> order;
    for (int i = 0; i < 50; ++i)
        store->write(
            [i](Transaction& tx) -> tl::expected<std::int64_t, int> {
                const auto change = add_change(tx, std::to_string(i));
                if (i % 3 == 0) return tl::unexpected(i);
                return change;
            },
            [&order, i](auto) { order.push_back(i); });
    gate.open();
    ASSERT_TRUE(store->write_and_wait([](Transaction&) { return Nothing(); }));
    ASSERT_EQ(order.size(), 50U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_P(StoreGroupTest, TakesWritersFromManyThreads) {
    const auto store = database_.open();
    std::vector<std::thread> threads;
    for (int number = 0; number < 8; ++number) {
        threads.emplace_back([&, number] {
            for (int i = 0; i < 40; ++i) {
                const auto name = std::to_string(number) + "-" + std::to_string(i);
                EXPECT_TRUE(store->write_and_wait([&](Transaction& tx) { return add_change(tx, name); }));
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(changes(*store), std::pair(std::int64_t{320}, std::int64_t{320}));
    EXPECT_EQ(store->statistics().writes, 320U);
    EXPECT_LE(store->statistics().commits, 320U);
}

TEST_P(StoreGroupTest, NumbersChangesOnAfterARestart) {
    const auto next = [](Store& store) {
        return store.write_and_wait([](Transaction& tx) { return tx.next_change(), tx.next_change(); })
            .value();
    };
    auto store = database_.open();
    EXPECT_EQ(next(*store), 2);
    EXPECT_EQ(next(*store), 4);
    store.reset();
    store = database_.open();
    EXPECT_EQ(next(*store), 6);
}

// Whoever has seen a change has seen all with lower numbers, whichever node made them.
TEST_P(StoreGroupTest, ShowsChangesInTheirOrderOverSeveralNodes) {
    const auto one = database_.open();
    const auto other = database_.open();
    std::atomic<bool> writing{true};
    std::vector<std::thread> threads;
    for (auto* node : {one.get(), other.get(), one.get(), other.get()}) {
        threads.emplace_back([node, number = threads.size()] {
            for (int i = 0; i < 50; ++i) {
                const auto name = std::to_string(number) + "-" + std::to_string(i);
                EXPECT_TRUE(node->write_and_wait([&](Transaction& tx) { return add_change(tx, name); }));
            }
        });
    }
    std::thread watcher([&] {
        while (writing) {
            const auto [count, last] = changes(*one);
            EXPECT_EQ(count, last);
        }
    });
    for (auto& thread : threads) thread.join();
    writing = false;
    watcher.join();
    EXPECT_EQ(changes(*other), std::pair(std::int64_t{200}, std::int64_t{200}));
}

TEST_P(StoreGroupTest, RefusesOneTaskMoreThanMayWait) {
    using Answers = std::vector<std::optional<Error>>;
    for (const auto access : {Store::Access::write, Store::Access::read}) {
        auto store = database_.open({.reader_count = 1, .waiting_tasks_max = 3});
        Answers answers;
        const auto hand_over = [&] {
            const auto work = [](Transaction&) { return Nothing(); };
            const auto done = [&answers](const auto& outcome) {
                answers.emplace_back();
                if (!outcome) answers.back() = outcome.error();
            };
            access == Store::Access::write ? store->write(work, done) : store->read(work, done);
        };
        Gate gate(*store, access);
        for (int i = 0; i < 3; ++i) hand_over();
        EXPECT_TRUE(answers.empty()) << "the limit itself may wait";
        hand_over();
        EXPECT_EQ(answers, Answers{Error::overloaded});
        store->reconfigure({.waiting_tasks_max = 4});
        hand_over();
        EXPECT_EQ(answers, Answers{Error::overloaded}) << "a higher limit holds at once";
        gate.open();
        store.reset();
        EXPECT_EQ(answers,
                  (Answers{Error::overloaded, std::nullopt, std::nullopt, std::nullopt, std::nullopt}));
    }
}

TEST_P(StoreGroupTest, FinishesWhatWaitsWhenItClosesAndTakesNoMore) {
    auto store = database_.open({.waiting_tasks_max = 100});
    auto* const closed_store = store.get();
    Gate gate(*store, Store::Access::write);
    int handed_over = 0;
    int refused = 0;
    std::atomic<int> stored{0};
    bool closes = false;
    std::thread closing([&store] { store.reset(); });
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!closes && std::chrono::steady_clock::now() < deadline) {
        const auto count = [&](auto outcome) {
            if (outcome) return static_cast<void>(++stored);
            ++refused;
            closes = outcome.error() == Error::closing;
        };
        const auto name = std::to_string(handed_over++);
        closed_store->write([name](Transaction& tx) { return add_change(tx, name); }, count);
        std::this_thread::yield();
    }
    gate.open();
    closing.join();
    EXPECT_TRUE(closes);
    EXPECT_EQ(stored, handed_over - refused);
}

TEST(StoreGroupDeathTest, EndsTheProcessWhenAFunctionThrowsAnythingElse) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    // A known name: the process that dies cannot clean up.
    const auto path = std::filesystem::temp_directory_path() / "parley-store-death-test.db";
    EXPECT_DEATH((void)Store::open({.url = "sqlite:" + path.string()})
                     .value()
                     ->write_and_wait([](Transaction&) -> Nothing { throw std::runtime_error("a bug"); }),
                 "a bug");
    for (const auto* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path.string() + suffix);
}

}  // namespace
}  // namespace parley::store
