#include "chat/notifications.hpp"

#include <gtest/gtest.h>

#include "chat/messages.hpp"
#include "chat/notification_jobs.hpp"
#include "chat/notification_object.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {

namespace {

class NotificationsTest : public testing::TestWithParam<store::Dialect> {
protected:
    /// A message of Ann to Bob, which enqueues nothing here, since the tests do that themselves.
    Message send(std::string_view body) {
        const auto direct = world_.add_direct(ann_, bob_);
        return test::World::taken(world_.change([&](Change& change) {
                   return send_message(change, ann_, direct.id, {.body = std::string(body)});
               }))
            .message;
    }

    void store_one(const Message& message, std::string_view id) {
        world_.change([&](Change& change) {
            store_message_notification(change, {.id = std::string(id),
                                                .recipient_id = bob_.user_id,
                                                .sender_id = ann_.user_id,
                                                .conversation_id = message.conversation_id,
                                                .message_id = message.id});
        });
    }

    NotificationPage list(std::optional<std::int64_t> before = {}, std::int64_t limit = 50) {
        return world_.read([&](store::Transaction& transaction) {
            return list_notifications(transaction, bob_.user_id, before, limit);
        });
    }

    Result<Notification> read_one(const Actor& actor, std::string_view id) {
        return world_.change([&](Change& change) { return read_notification(change, actor.user_id, id); });
    }

    std::vector<jobs::Job> take_jobs() {
        return world_.change([&](Change& change) {
            return jobs::take_due(change.transaction(), notification_job_kind, change.now(), change.now() + 1,
                                  100);
        });
    }

    test::World world_{GetParam()};
    Actor ann_ = world_.add_user("Ann");
    Actor bob_ = world_.add_user("Bob");
};

TEST_P(NotificationsTest, AJobStoresAndTellsOfTheSameUuid) {
    const auto message = send("Hello");
    static_cast<void>(take_jobs());
    world_.except_socket = "1.2";
    const bool added = world_.change([&](Change& change) {
        enqueue_message_notification(change, message, bob_.user_id);
        return change.added_jobs();
    });
    EXPECT_TRUE(added);
    const auto jobs = take_jobs();
    ASSERT_EQ(jobs.size(), 1U);

    std::vector<Broadcast> delivered;
    const Current<Policy> policy(world_.policy);
    const auto handler = message_notification_handler(
        policy, [&](std::vector<Broadcast> broadcasts) { delivered = std::move(broadcasts); });
    const auto run = [&] {
        const auto work = [&](store::Transaction& transaction) {
            return handler(transaction, jobs[0], world_.now + 7);
        };
        return world_.store->write_and_wait(work).value().value();
    };
    const auto after = run();
    EXPECT_TRUE(delivered.empty()) << "not before the commit";
    ASSERT_TRUE(after);
    after();
    ASSERT_EQ(delivered.size(), 1U);
    EXPECT_EQ(delivered[0].except_socket, "1.2");
    EXPECT_GT(delivered[0].outbox_id, 0);
    const auto& event = std::get<NotificationCreated>(delivered[0].event);
    EXPECT_EQ(event.user_id, bob_.user_id);
    EXPECT_EQ(event.unread_count, 1);
    EXPECT_EQ(event.notification.id.size(), 36U);
    const auto stored = list().notifications.at(0);
    EXPECT_EQ(stored.id, event.notification.id);
    EXPECT_EQ(stored.created_at, world_.now + 7);
    std::string text;
    json::Writer writer(text);
    write_notification(writer, stored);
    EXPECT_EQ(text,
              "{\"id\":\"" + stored.id +
                  R"(","type":"App\\Notifications\\MessageSent","data":{"user_id":1,"conversation_id":)" +
                  std::to_string(message.conversation_id) + R"(,"message_id":)" + std::to_string(message.id) +
                  R"(,"receiver_id":2},"read_at":null,"created_at":"2026-01-20T10:30:00.007Z"})");

    EXPECT_FALSE(run()) << "stored once, told once";
    EXPECT_EQ(list().unread_count, 1);
}

TEST_P(NotificationsTest, AJobWithOtherDataGoesWrong) {
    const Current<Policy> policy(world_.policy);
    const auto handler = message_notification_handler(policy, [](const std::vector<Broadcast>&) {});
    for (const auto* const data : {"", "[]", "{}", R"({"id":1,"recipient_id":"2"})"}) {
        const auto work = [&](store::Transaction& transaction) {
            return handler(transaction, {.data = data}, world_.now);
        };
        EXPECT_FALSE(world_.store->write_and_wait(work).value().has_value()) << data;
    }
}

TEST_P(NotificationsTest, NothingIsStoredOfADeletedMessage) {
    const auto message = send("Hello");
    ASSERT_TRUE(world_.change([&](Change& change) { return delete_message(change, ann_, message.id); }));
    world_.broadcasts.clear();
    store_one(message, "n1");
    EXPECT_TRUE(list().notifications.empty());
    EXPECT_EQ(list().unread_count, 0);
    EXPECT_TRUE(world_.broadcasts.empty());
}

TEST_P(NotificationsTest, AreListedNewestFirstInPages) {
    const auto message = send("Hello");
    for (const auto* const id : {"n1", "n2", "n3"}) store_one(message, id);
    const auto first = list({}, 2);
    ASSERT_EQ(first.notifications.size(), 2U);
    EXPECT_EQ(first.notifications[0].id, "n3");
    EXPECT_EQ(first.notifications[1].id, "n2");
    EXPECT_EQ(first.unread_count, 3);
    ASSERT_TRUE(first.next_before);
    const auto second = list(first.next_before, 2);
    ASSERT_EQ(second.notifications.size(), 1U);
    EXPECT_EQ(second.notifications[0].id, "n1");
    EXPECT_FALSE(second.next_before);
    EXPECT_FALSE(list({}, 3).next_before) << "a full last page is the last";
}

TEST_P(NotificationsTest, OneIsReadOnce) {
    const auto message = send("Hello");
    store_one(message, "n1");
    store_one(message, "n2");
    world_.broadcasts.clear();
    const auto first_read_at = world_.now;
    EXPECT_EQ(read_one(bob_, "n1")->read_at, first_read_at);
    const auto events = world_.events<NotificationsRead>();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].user_id, bob_.user_id);
    EXPECT_EQ(events[0].ids, std::vector<std::string>{"n1"});
    EXPECT_EQ(events[0].unread_count, 1);
    world_.now += 1'000;
    EXPECT_EQ(read_one(bob_, "n1")->read_at, first_read_at);
    EXPECT_EQ(world_.events<NotificationsRead>().size(), 1U) << "nothing happened the second time";
    EXPECT_EQ(list().unread_count, 1);
    EXPECT_EQ(read_one(ann_, "n2").error().reason, Reason::not_found) << "somebody else's";
    EXPECT_EQ(read_one(bob_, "n9").error().reason, Reason::not_found);
}

TEST_P(NotificationsTest, AllAreReadAndTheNewestHundredTold) {
    const auto message = send("Hello");
    for (int i = 1; i <= 101; ++i) store_one(message, "n" + std::to_string(i));
    ASSERT_TRUE(read_one(bob_, "n50"));
    world_.broadcasts.clear();
    const auto read_all = [&] {
        return world_.change([&](Change& change) { return read_all_notifications(change, bob_.user_id); });
    };
    EXPECT_EQ(read_all(), 100);
    EXPECT_EQ(list().unread_count, 0);
    EXPECT_EQ(list().notifications[0].read_at, world_.now);
    const auto events = world_.events<NotificationsRead>();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].ids.size(), 100U);
    EXPECT_EQ(events[0].ids[0], "n101");
    EXPECT_EQ(events[0].unread_count, 0);
    EXPECT_EQ(read_all(), 0);
    EXPECT_EQ(world_.events<NotificationsRead>().size(), 1U);
}

TEST_P(NotificationsTest, EveryChangeHasItsNumber) {
    const store::Statement select_changed("SELECT changed FROM notifications WHERE id = 'n1'");
    const auto changed = [&] {
        return world_.read([&](store::Transaction& transaction) {
            return transaction.query_integer(select_changed).value();
        });
    };
    const auto message = send("Hello");
    store_one(message, "n1");
    const auto stored = changed();
    ASSERT_TRUE(read_one(bob_, "n1"));
    EXPECT_GT(changed(), stored);
}

INSTANTIATE_TEST_SUITE_P(Databases, NotificationsTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

}  // namespace

}  // namespace parley::chat
