#include "store/migrator.hpp"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "store/test_support.hpp"

namespace parley::store {
namespace {

const Statement all_columns(
    "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c "
    "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'message_index%'",
    "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = 'public' AND table_name <> 'schema_version' AND column_name <> 'body_index'");

class MigratorTest : public testing::TestWithParam<Dialect> {
protected:
    [[nodiscard]] std::unique_ptr<SchemaConnection> connect() const {
        const auto location = *parse_location(database_.url());
        auto connection = GetParam() == Dialect::sqlite ? open_sqlite_schema(location.address)
                                                        : open_postgresql_schema(location.address);
        return std::move(connection.value());
    }

    test::FreshDatabase database_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Databases, MigratorTest, testing::ValuesIn(test::databases()),
                         test::name_of_database);

const Migration first{.version = 1,
                      .name = "first",
                      .sqlite = "CREATE TABLE a (x INTEGER)",
                      .postgresql = "CREATE TABLE a (x INTEGER)"};
const Migration second{.version = 2,
                       .name = "second",
                       .sqlite = "CREATE TABLE b (x INTEGER); INSERT INTO a VALUES (1)",
                       .postgresql = "CREATE TABLE b (x INTEGER); INSERT INTO a VALUES (1)"};
const Migration broken{.version = 2,
                       .name = "broken",
                       .sqlite = "CREATE TABLE b (x INTEGER); NONSENSE",
                       .postgresql = "CREATE TABLE b (x INTEGER); NONSENSE"};

TEST_P(MigratorTest, AppliesWhatIsMissing) {
    const std::vector one{first};
    const std::vector two{first, second};
    EXPECT_EQ(bring_up_to_date(*connect(), {})->version, 0);
    EXPECT_EQ(bring_up_to_date(*connect(), one)->version, 1);
    EXPECT_EQ(bring_up_to_date(*connect(), two)->version, 2);
    const auto again = bring_up_to_date(*connect(), two);
    EXPECT_EQ(again->version, 2);
    EXPECT_EQ(again->wanted, 2);
}

TEST_P(MigratorTest, RefusesASchemaThatIsNewer) {
    const std::vector one{first};
    const std::vector two{first, second};
    ASSERT_TRUE(bring_up_to_date(*connect(), two));
    const auto refused = bring_up_to_date(*connect(), one);
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().message.find(
                  "has version 2, made by a newer Parley; this one knows versions up to 1"),
              std::string::npos)
        << refused.error().message;
}

TEST_P(MigratorTest, AppliesAMigrationWhollyOrNotAtAll) {
    const std::vector wrong{first, broken};
    const std::vector right{first, second};
    const auto failed = bring_up_to_date(*connect(), wrong);
    ASSERT_FALSE(failed.has_value());
    EXPECT_NE(failed.error().message.find("broken"), std::string::npos) << failed.error().message;
    EXPECT_EQ(bring_up_to_date(*connect(), right).value().version, 2);
}

TEST_P(MigratorTest, LetsOneProcessMigrateAtATime) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this] {
            const auto state = migrate(database_.url());
            EXPECT_TRUE(state.has_value()) << state.error().message;
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(migrate(database_.url())->version, static_cast<std::int64_t>(migrations().size()));
}

TEST_P(MigratorTest, RefusesToOpenANewerSchema) {
    ASSERT_TRUE(migrate(database_.url()));
    const auto connection = connect();
    connection->begin();
    connection->apply({.version = 9'999, .name = "later", .sqlite = "SELECT 1", .postgresql = "SELECT 1"});
    connection->commit();
    const auto store = Store::open({.url = database_.url()});
    ASSERT_FALSE(store.has_value());
    EXPECT_NE(store.error().message.find("newer Parley"), std::string::npos) << store.error().message;
}

TEST(Migrations, LeaveTheSameTablesAndColumnsInBothDialects) {
    const auto columns = [](Dialect dialect) {
        const test::FreshStore store(dialect);
        const auto rows = store->read_and_wait([](Transaction& tx) { return tx.query(all_columns); }).value();
        std::set<std::string> names;
        for (const auto row : rows) names.insert(std::string(row.text(0)) + "." + std::string(row.text(1)));
        return names;
    };
    const auto sqlite = columns(Dialect::sqlite);
    const auto postgresql = columns(Dialect::postgresql);
    EXPECT_TRUE(sqlite.contains("messages.body"));
    EXPECT_EQ(sqlite, postgresql);
}

}  // namespace
}  // namespace parley::store
