#include "store/store.hpp"

#include <future>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/test_support.hpp"

namespace parley::store {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

const Statement insert_user(
    "INSERT INTO users (name, email, email_key, password_hash, created_at, updated_at) "
    "VALUES ($1, $2, $2, '', 0, 0) RETURNING id");
const Statement count_users("SELECT COUNT(*) FROM users");
const Statement names_of_users("SELECT name FROM users ORDER BY id");
const Statement names_in("SELECT name FROM users WHERE id IN LIST($1) ORDER BY id");
const Statement rename_users("UPDATE users SET name = $2 WHERE name = $1");
const Statement last_seen(
    "UPDATE users SET last_seen_at = $1, avatar_url = $2 RETURNING last_seen_at, avatar_url");
const Statement wrong_table("SELECT * FROM no_such_table");
const Statement reversed("SELECT CAST($2 AS BIGINT), CAST($1 AS BIGINT), CAST($2 AS BIGINT)");
const Statement comparisons("SELECT 1 < 2, 2 < 1, NULL");

std::int64_t add_user(Transaction& tx, std::string_view name) {
    return *tx.query_integer(insert_user, {name, name});
}

Nothing use_wrong_table(Transaction& tx) {
    tx.query(wrong_table);
    return {};
}

std::int64_t user_count(Store& store) {
    return store.read_and_wait([](Transaction& tx) { return *tx.query_integer(count_users); }).value();
}

class StoreTest : public testing::TestWithParam<Dialect> {
protected:
    test::FreshStore store_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Databases, StoreTest, testing::ValuesIn(test::databases()), test::name_of_database);

TEST_P(StoreTest, ShowsReadersWhatWasCommitted) {
    const auto id = store_->write_and_wait([](Transaction& tx) { return add_user(tx, "ann"); });
    ASSERT_TRUE(id.has_value());
    const auto name = store_->read_and_wait(
        [](Transaction& tx) { return std::string(tx.query(names_of_users).front().text(0)); });
    EXPECT_EQ(name.value(), "ann");
}

TEST_P(StoreTest, KeepsWhatWasCommittedWhenItIsOpenedAgain) {
    ASSERT_TRUE(store_->write_and_wait([](Transaction& tx) { return add_user(tx, "ann"); }));
    store_.reopen();
    EXPECT_EQ(user_count(*store_), 1);
}

TEST_P(StoreTest, TakesBackWhatAFunctionWithAnErrorWrote) {
    using Refused = tl::expected<int, std::string>;
    const auto refused = store_->write_and_wait([](Transaction& tx) -> Refused {
        add_user(tx, "ann");
        return tl::unexpected("changed my mind"s);
    });
    ASSERT_TRUE(refused.has_value()) << "an error of the function is not one of the store";
    EXPECT_EQ(refused->error(), "changed my mind");
    EXPECT_EQ(user_count(*store_), 0);
}

TEST_P(StoreTest, TakesBackARefusedStatementWithItsFunctionAlone) {
    std::promise<void> gate;
    store_->write([opened = gate.get_future().share()](Transaction&) { return opened.wait(), Nothing(); },
                  [](auto) {});
    std::vector<std::optional<Error>> errors;
    const auto note = [&errors](const auto& outcome) {
        errors.emplace_back();
        if (!outcome) errors.back() = outcome.error();
    };
    store_->write([](Transaction& tx) { return add_user(tx, "before"); }, note);
    store_->write(
        [](Transaction& tx) {
            add_user(tx, "lost");
            return use_wrong_table(tx);
        },
        note);
    store_->write([](Transaction& tx) { return add_user(tx, "before"); }, note);  // the address is taken
    store_->write([](Transaction& tx) { return add_user(tx, "behind"); }, note);
    gate.set_value();
    ASSERT_TRUE(store_->write_and_wait([](Transaction&) { return Nothing(); }));
    EXPECT_EQ(errors,
              (std::vector<std::optional<Error>>{std::nullopt, Error::failed, Error::failed, std::nullopt}));
    EXPECT_EQ(user_count(*store_), 2);
}

TEST_P(StoreTest, FailsAReadWithARefusedStatementAlone) {
    EXPECT_EQ(store_->read_and_wait(use_wrong_table).error(), Error::failed);
    EXPECT_EQ(user_count(*store_), 0);
}

TEST_P(StoreTest, RefusesToWriteInARead) {
    const auto written = store_->read_and_wait([](Transaction& tx) { return add_user(tx, "ann"); });
    EXPECT_EQ(written.error(), Error::failed);
    EXPECT_EQ(user_count(*store_), 0);
}

TEST_P(StoreTest, RefusesAWrongNumberOfParameters) {
    const auto with = [this](std::initializer_list<Parameter> parameters) {
        return store_->write_and_wait(
            [parameters](Transaction& tx) { return tx.execute(insert_user, parameters); });
    };
    EXPECT_EQ(with({"ann"}).error(), Error::failed);
    EXPECT_EQ(with({"ann", "ann", "ann"}).error(), Error::failed);
    EXPECT_EQ(with({"ann", "ann"}).value(), 1);
}

TEST_P(StoreTest, GivesBackNullsIntegersAndTexts) {
    store_->write_and_wait([](Transaction& tx) { return add_user(tx, "ann"); }).value();
    const auto updated = [this](std::optional<std::int64_t> seen, std::optional<std::string> url) {
        return store_->write_and_wait([=](Transaction& tx) { return tx.query(last_seen, {seen, url}); })
            .value();
    };
    constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
    EXPECT_EQ(updated(lowest, "").front().integer(0), lowest);
    EXPECT_EQ(updated(1, "").front().text(1), "");
    EXPECT_TRUE(updated(std::nullopt, "x").front().is_null(0));
    EXPECT_TRUE(updated(1, std::nullopt).front().is_null(1));
}

TEST_P(StoreTest, MapsPlaceholdersByTheirNumbers) {
    const auto rows =
        store_->read_and_wait([](Transaction& tx) { return tx.query(reversed, {1, 2}); }).value();
    EXPECT_EQ(rows.front().integer(0), 2);
    EXPECT_EQ(rows.front().integer(1), 1);
    EXPECT_EQ(rows.front().integer(2), 2);
}

TEST_P(StoreTest, SaysYesAndNoAsOneAndZero) {
    const auto rows = store_->read_and_wait([](Transaction& tx) { return tx.query(comparisons); }).value();
    EXPECT_EQ(rows.front().integer(0), 1);
    EXPECT_EQ(rows.front().integer(1), 0);
    EXPECT_TRUE(rows.front().is_null(2));
}

TEST_P(StoreTest, CountsTheRowsThatWereChanged) {
    const auto counts = store_->write_and_wait([](Transaction& tx) {
        add_user(tx, "ann");
        add_user(tx, "bob");
        return std::vector{tx.execute(rename_users, {"ann", "bob"}), tx.execute(rename_users, {"bob", "cid"}),
                           tx.execute(rename_users, {"nobody", "x"}), tx.execute(count_users)};
    });
    EXPECT_EQ(counts.value(), (std::vector<std::int64_t>{1, 2, 0, 0}));
}

TEST_P(StoreTest, FindsWhatIsInAList) {
    const auto names = [this](std::string_view list) {
        std::string found;
        const auto rows =
            store_->read_and_wait([=](Transaction& tx) { return tx.query(names_in, {list}); }).value();
        for (const auto row : rows) found += std::string(row.text(0)) + " ";
        return found;
    };
    for (const auto* name : {"ann", "bob", "cid"})
        ASSERT_TRUE(store_->write_and_wait([name](Transaction& tx) { return add_user(tx, name); }));
    EXPECT_EQ(names("[]"), "");
    EXPECT_EQ(names("[2]"), "bob ");
    EXPECT_EQ(names("[3,1,3,99]"), "ann cid ");
}

TEST_P(StoreTest, KeepsTextsOfAnyLength) {
    const std::string text = std::string(5'000'000, 'x') + "\xf0\x9f\x98\x80'\\$1";
    store_->write_and_wait([](Transaction& tx) { return add_user(tx, "ann"); }).value();
    const auto rows =
        store_->write_and_wait([&](Transaction& tx) { return tx.query(last_seen, {1, text}); }).value();
    EXPECT_TRUE(rows.front().text(1) == text);
}

TEST_P(StoreTest, NeverCutsATextAtNul) {
    const auto text = "a\0b"sv;
    const auto id = store_->write_and_wait([text](Transaction& tx) { return add_user(tx, text); });
    if (GetParam() == Dialect::postgresql) {
        EXPECT_EQ(id.error(), Error::failed) << "it has no such texts";
        EXPECT_EQ(user_count(*store_), 0);
        return;
    }
    const auto rows = store_->read_and_wait([](Transaction& tx) { return tx.query(names_of_users); }).value();
    EXPECT_EQ(rows.front().text(0), text);
}

TEST_P(StoreTest, ReadsFromOneSnapshot) {
    std::promise<void> first_read;
    std::promise<void> written;
    auto counts = std::async(std::launch::async, [&] {
        return store_->read_and_wait([&](Transaction& tx) {
            const auto first = *tx.query_integer(count_users);
            first_read.set_value();
            written.get_future().wait();
            return std::pair(first, *tx.query_integer(count_users));
        });
    });
    first_read.get_future().wait();
    ASSERT_TRUE(store_->write_and_wait([](Transaction& tx) { return add_user(tx, "ann"); }));
    written.set_value();
    EXPECT_EQ(counts.get().value(), std::pair(std::int64_t{0}, std::int64_t{0}));
    EXPECT_EQ(user_count(*store_), 1);
}

TEST_P(StoreTest, SeesItsOwnWritesInAGroup) {
    const auto count = store_->write_and_wait([](Transaction& tx) {
        add_user(tx, "ann");
        return *tx.query_integer(count_users);
    });
    EXPECT_EQ(count.value(), 1);
}

}  // namespace
}  // namespace parley::store
