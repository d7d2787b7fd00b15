#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "store/store.hpp"
#include "store/test_support.hpp"

namespace parley::store {
namespace {

using namespace std::chrono_literals;

const Statement insert_user(
    "INSERT INTO users (name, email, email_key, password_hash, created_at, updated_at) "
    "VALUES ($1, $1, $1, '', CAST($2 AS BIGINT), 0)");
const Statement names("SELECT name FROM users");
const Statement repeated_changes("SELECT COUNT(*) - COUNT(DISTINCT created_at) FROM users");
const Statement one("SELECT 1");

Nothing add_user(Transaction& tx, const std::string& name) {
    tx.execute(insert_user, {name, tx.next_change()});
    return {};
}

std::set<std::string> stored_names(Store& store) {
    const auto rows = store.read_and_wait([](Transaction& tx) { return tx.query(names); }).value();
    std::set<std::string> stored;
    for (const auto row : rows) stored.emplace(row.text(0));
    return stored;
}

// What was answered with success is there; what was answered with unavailable may be there.
TEST(Postgresql, KeepsWhatItAnsweredWhenTheServerCrashes) {
    const test::FreshStore store(Dialect::postgresql, {.patience_ms = 60'000});
    std::atomic<bool> writing{true};
    std::atomic<int> answers{0};
    std::mutex mutex;
    std::set<std::string> answered;
    std::set<std::string> unknown;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&, number] {
            for (int i = 0; writing; ++i) {
                const auto name = std::to_string(number) + "-" + std::to_string(i);
                const auto added = store->write_and_wait([&](Transaction& tx) { return add_user(tx, name); });
                ++answers;
                const std::lock_guard lock(mutex);
                (added ? answered : unknown).insert(name);
                if (!added) {
                    EXPECT_EQ(added.error(), Error::unavailable);
                }
            }
        });
    }
    const auto wait_for_answers = [&answers](int count) {
        const auto deadline = std::chrono::steady_clock::now() + 30s;
        for (const int before = answers; answers < before + count;) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline);
            std::this_thread::yield();
        }
    };
    for (int i = 0; i < 3; ++i) {
        wait_for_answers(100);
        test::PostgresqlTestServer::instance().restart();
    }
    wait_for_answers(100);
    writing = false;
    for (auto& thread : threads) thread.join();

    auto stored = stored_names(*store);
    EXPECT_TRUE(std::includes(stored.begin(), stored.end(), answered.begin(), answered.end()));
    for (const auto& name : answered) stored.erase(name);
    EXPECT_TRUE(std::includes(unknown.begin(), unknown.end(), stored.begin(), stored.end()));
    EXPECT_EQ(
        store->read_and_wait([](Transaction& tx) { return *tx.query_integer(repeated_changes); }).value(), 0);
}

TEST(Postgresql, LosesPatienceWithAServerThatIsAwayAndComesBackWithIt) {
    auto& server = test::PostgresqlTestServer::instance();
    const test::FreshStore store(Dialect::postgresql, {.reader_count = 1, .patience_ms = 300});
    const auto add = [&store](const std::string& name) {
        return store->write_and_wait([&name](Transaction& tx) { return add_user(tx, name); });
    };
    const auto read = [&store] {
        return store->read_and_wait([](Transaction& tx) { return *tx.query_integer(one); });
    };
    ASSERT_TRUE(add("before"));
    ASSERT_TRUE(read());
    server.stop();
    EXPECT_EQ(add("away").error(), Error::unavailable);
    EXPECT_EQ(add("still away").error(), Error::unavailable) << "one that comes while the database is away";
    EXPECT_EQ(read().error(), Error::unavailable);
    server.start();
    // A task waits 300 ms at most, the pause between two attempts to connect may be longer.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!add("behind")) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    while (read() != 1) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    EXPECT_EQ(stored_names(*store), (std::set<std::string>{"before", "behind"}));
}

TEST(Postgresql, ReplacesABrokenConnectionUnnoticed) {
    const test::FreshStore store(Dialect::postgresql, {.reader_count = 1});
    const auto add = [&store](const std::string& name) {
        return store->write_and_wait([&name](Transaction& tx) { return add_user(tx, name); });
    };
    ASSERT_TRUE(add("before"));
    EXPECT_EQ(stored_names(*store).size(), 1U);
    test::PostgresqlTestServer::instance().restart();
    EXPECT_TRUE(add("behind"));
    EXPECT_EQ(stored_names(*store).size(), 2U);
}

TEST(Postgresql, RunsAFunctionAgainWhenItsConnectionBreaksBeforeTheCommit) {
    const test::FreshStore store(Dialect::postgresql, {.patience_ms = 60'000});
    int runs = 0;
    const auto added = store->write_and_wait([&runs](Transaction& tx) {
        add_user(tx, "ann");
        if (++runs == 1) test::PostgresqlTestServer::instance().restart();
        return add_user(tx, "bob");
    });
    EXPECT_TRUE(added.has_value());
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(stored_names(*store), (std::set<std::string>{"ann", "bob"}));
}

TEST(PostgresqlOpen, NeverRepeatsThePassword) {
    for (const auto* url :
         {"postgresql://parley:sesame@127.0.0.1:1/parley",
          "postgresql://parley:sesame@127.0.0.1:sesame/parley",
          "postgresql://parley:ses/same@127.0.0.1/parley", "postgresql://parley:ses@same:x@127.0.0.1/parley",
          "postgresql://parley:sesame@[/parley", "postgresql:///parley?host=/nowhere&password=sesame"}) {
        const auto store = Store::open({.url = url});
        ASSERT_FALSE(store.has_value()) << url;
        EXPECT_EQ(store.error().message.find("same"), std::string::npos) << store.error().message;
        EXPECT_FALSE(store.error().message.empty());
    }
}

}  // namespace
}  // namespace parley::store
