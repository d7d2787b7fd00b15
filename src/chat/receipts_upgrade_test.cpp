#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/receipts.hpp"
#include "store/migrator.hpp"
#include "store/test_support.hpp"

namespace parley::chat {
namespace {

using testing::ElementsAre;

/// A group of a server that kept no receipts: message 10, then 11, then Late came, then 12, then Last came.
/// Reader has read up to 11 and Late all; Sender has sent them.
constexpr std::string_view group_rows = R"(
    INSERT INTO users (id, name, email, email_key, password_hash, created_at, updated_at) VALUES
        (1, 'Sender', 'a@x', 'a@x', '', 0, 0), (2, 'Reader', 'b@x', 'b@x', '', 0, 0),
        (3, 'Late', 'c@x', 'c@x', '', 0, 0), (4, 'Last', 'd@x', 'd@x', '', 0, 0);
    INSERT INTO companies (id, name, created_at) VALUES (6, 'Acme', 0);
    INSERT INTO company_members (company_id, user_id, role, created_at) VALUES
        (6, 1, 'owner', 0), (6, 2, 'member', 0), (6, 3, 'member', 0), (6, 4, 'member', 0);
    INSERT INTO conversations (id, company_id, type, title, creator_id, message_count, last_message_id,
                               created_at, updated_at, changed)
        VALUES (14, 6, 'group', 'Group', 1, 3, 12, 50, 300, 6);
    INSERT INTO messages (id, conversation_id, position, sender_id, body, created_at, updated_at, changed)
        VALUES (10, 14, 1, 1, 'a', 100, 100, 2), (11, 14, 2, 1, 'b', 200, 200, 3), (12, 14, 3, 1, 'c', 300, 300, 5);
    INSERT INTO participants (conversation_id, user_id, last_read_id, last_read_position, joined, created_at,
                              changed)
        VALUES (14, 1, 12, 3, 1, 50, 5), (14, 2, 11, 2, 1, 50, 3), (14, 3, 12, 3, 4, 250, 5),
               (14, 4, 12, 3, 6, 400, 6);
)";

std::unique_ptr<store::SchemaConnection> connect(const store::test::FreshDatabase& database,
                                                 store::Dialect dialect) {
    const auto location = *store::parse_location(database.url());
    auto connection = dialect == store::Dialect::sqlite ? store::open_sqlite_schema(location.address)
                                                        : store::open_postgresql_schema(location.address);
    return std::move(connection.value());
}

class ReceiptsUpgradeTest : public testing::TestWithParam<store::Dialect> {
protected:
    /// A database as the first version left it, with the rows.
    void SetUp() override {
        const auto connection = connect(database_, GetParam());
        ASSERT_TRUE(store::bring_up_to_date(*connection, store::migrations().first(1)));
        connection->begin();
        connection->apply({.version = 1, .name = "rows", .sqlite = group_rows, .postgresql = group_rows});
        connection->commit();
    }

    store::test::FreshDatabase database_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Databases, ReceiptsUpgradeTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(ReceiptsUpgradeTest, WhoHadReadIsKnownAndTheMomentIsNot) {
    const auto store = database_.open();
    const auto readers = [&](Id message_id) {
        const auto receipts = store
                                  ->read_and_wait([=](store::Transaction& transaction) {
                                      return list_receipts(transaction, 1, message_id);
                                  })
                                  .value();
        std::vector<std::string> names;
        for (const auto& receipt : receipts.value()) {
            EXPECT_FALSE(receipt.read_at) << receipt.reader.name;
            names.push_back(receipt.reader.name);
        }
        return names;
    };
    EXPECT_THAT(readers(10), ElementsAre("Reader"));
    EXPECT_THAT(readers(11), ElementsAre("Reader"));
    EXPECT_THAT(readers(12), ElementsAre("Late"));
}

}  // namespace
}  // namespace parley::chat
