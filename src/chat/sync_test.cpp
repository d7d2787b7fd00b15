#include "chat/sync.hpp"

#include <array>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "chat/conversation_object.hpp"
#include "chat/message_object.hpp"
#include "chat/message_pages.hpp"
#include "chat/messages.hpp"
#include "chat/notification_object.hpp"
#include "chat/notifications.hpp"
#include "chat/participants.hpp"
#include "chat/reactions.hpp"
#include "chat/read_state.hpp"
#include "chat/sync_object.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

std::string rendered(const ConversationRow& row) {
    std::string json;
    json::Writer writer(json);
    writer.begin_object();
    write_conversation_members(writer, row, IsOnline());
    writer.end_object();
    return json;
}

std::string rendered(const Message& message) {
    std::string json;
    json::Writer writer(json);
    write_message(writer, message);
    return json;
}

/// What a client keeps.
struct Kept {
    std::map<Id, std::string> conversations = {};
    std::map<Id, Message> messages = {};
    std::map<std::string, std::optional<Moment>> notifications = {};  // with when they were read

    void operator()(const ConversationItem& item) {
        conversations[item.row.conversation.id] = rendered(item.row);
    }
    void operator()(const ConversationLeftItem& item) {
        conversations.erase(item.conversation_id);
        std::erase_if(messages, [&](const auto& entry) {
            return entry.second.conversation_id == item.conversation_id;
        });
    }
    void operator()(const MessageItem& item) {
        EXPECT_TRUE(conversations.contains(item.message.conversation_id)) << "a message of nothing";
        messages[item.message.id] = item.message;
    }
    void operator()(const ReadMarkItem& item) {
        for (auto& [id, message] : messages) {
            if (message.conversation_id == item.conversation_id && id <= item.up_to_id && !message.read_at) {
                message.read_at = item.read_at;
            }
        }
    }
    void operator()(const NotificationItem& item) {
        notifications[item.notification.id] = item.notification.read_at;
    }

    [[nodiscard]] std::map<Id, std::string> rendered_messages() const {
        std::map<Id, std::string> all;
        for (const auto& [id, message] : messages) all[id] = rendered(message);
        return all;
    }
};

class SyncTest : public testing::TestWithParam<store::Dialect> {
protected:
    struct Client {
        Actor user;
        std::string cursor = {};
        Kept kept = {};
    };

    Result<SyncPage> page(const Actor& user, std::string_view cursor, std::int64_t limit = 100) {
        return world_.read([&](store::Transaction& transaction) {
            return load_sync_page(transaction, user.user_id, cursor, limit);
        });
    }
    /// Asks for one page; whether there is more.
    bool sync_once(Client& client, std::int64_t limit) {
        auto next = test::World::taken(page(client.user, client.cursor, limit));
        EXPECT_LE(std::ssize(next.items), limit);
        EXPECT_FALSE(next.reset);
        for (const auto& item : next.items) std::visit(client.kept, item);
        client.cursor = next.next_cursor;
        return next.has_more;
    }
    void sync(Client& client, std::int64_t limit = 100) {
        while (sync_once(client, limit)) {
        }
    }
    /// What the rest of the domain says that the user has.
    Kept all_of(const Actor& user) {
        return world_.read([&](store::Transaction& transaction) {
            Kept kept;
            const auto list = load_conversations(transaction, user.user_id, {.limit = 1'000});
            for (const auto& row : list->rows) {
                kept.conversations[row.conversation.id] = rendered(row);
                const auto messages =
                    load_page(transaction, user.user_id, row.conversation.id, {.after = 0, .limit = 10'000});
                for (const auto& message : messages->messages) kept.messages[message.id] = message;
            }
            for (const auto& notification :
                 list_notifications(transaction, user.user_id, std::nullopt, 10'000).notifications) {
                kept.notifications[notification.id] = notification.read_at;
            }
            return kept;
        });
    }
    void expect_equal(const Kept& kept, const Kept& expected, const std::string& whose) {
        EXPECT_EQ(kept.conversations, expected.conversations) << whose;
        EXPECT_EQ(kept.rendered_messages(), expected.rendered_messages()) << whose;
        EXPECT_EQ(kept.notifications, expected.notifications) << whose;
    }
    Message send(const Actor& actor, Id conversation_id, const std::string& body) {
        return test::World::taken(world_.change([&](Change& change) {
                   return send_message(change, actor, conversation_id, {.body = body});
               }))
            .message;
    }
    std::vector<std::string> types(const SyncPage& page) {
        std::vector<std::string> types;
        for (const auto& item : page.items) {
            std::string json;
            json::Writer writer(json);
            write_sync_item(writer, item);
            const auto begin = json.find(R"("type":")") + 8;
            types.push_back(json.substr(begin, json.find('"', begin) - begin));
        }
        return types;
    }

    test::World world_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Databases, SyncTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(SyncTest, HasNothingWhenNothingIsNew) {
    const auto ali = world_.add_user("Ali");
    const auto first = page(ali, "");
    ASSERT_TRUE(first);
    EXPECT_EQ(types(*first), std::vector<std::string>{"conversation"});
    EXPECT_FALSE(first->has_more);
    const auto second = page(ali, first->next_cursor);
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->items.empty());
    EXPECT_FALSE(second->has_more);
}

TEST_P(SyncTest, TellsWhatIsNewAndNothingElse) {
    const auto ali = world_.add_user("Ali");
    const auto bea = world_.add_user("Bea");
    const auto group = world_.add_group(ali, "Group", {bea});
    const auto direct = world_.add_direct(ali, bea);
    send(ali, group.id, "old");
    const auto cursor = page(ali, "")->next_cursor;

    const auto message = send(bea, direct.id, "new");
    const auto sent = page(ali, cursor);
    EXPECT_EQ(types(*sent), (std::vector<std::string>{"conversation", "message"}));

    ASSERT_TRUE(world_.change([&](Change& change) { return mark_read(change, ali, direct.id, {}); }));
    const auto read = page(ali, sent->next_cursor);
    EXPECT_EQ(types(*read), (std::vector<std::string>{"conversation", "read_mark"}));
    EXPECT_EQ(std::get<ReadMarkItem>(read->items[1]).up_to_id, message.id);

    ASSERT_TRUE(world_.change(
        [&](Change& change) { return remove_participant(change, ali, group.id, ali.user_id); }));
    const auto left = page(ali, read->next_cursor);
    EXPECT_EQ(types(*left), std::vector<std::string>{"conversation.left"});
    EXPECT_EQ(std::get<ConversationLeftItem>(left->items[0]).conversation_id, group.id);

    ASSERT_TRUE(world_.change([&](Change& change) {
        return add_participants(change, bea, group.id, std::vector<Id>{ali.user_id}, "user_id");
    }));
    EXPECT_EQ(types(*page(ali, left->next_cursor)), (std::vector<std::string>{"conversation", "message"}));
}

TEST_P(SyncTest, FromNowOnHasNothingOfBeforeAndEverythingAfter) {
    const auto ali = world_.add_user("Ali");
    const auto bea = world_.add_user("Bea");
    const auto group = world_.add_group(ali, "Plans", {bea}).id;
    send(ali, group, "before");
    const auto now = test::World::taken(page(bea, sync_from_now, 1));
    EXPECT_TRUE(now.items.empty());
    EXPECT_FALSE(now.has_more);
    EXPECT_FALSE(now.reset);
    EXPECT_FALSE(now.next_cursor.empty());
    EXPECT_TRUE(test::World::taken(page(bea, now.next_cursor)).items.empty());

    const auto after = send(ali, group, "after");
    const auto next = test::World::taken(page(bea, now.next_cursor));
    EXPECT_EQ(types(next), (std::vector<std::string>{"conversation", "message"}));
    EXPECT_EQ(std::get<MessageItem>(next.items[1]).message.id, after.id);
}

TEST_P(SyncTest, RefusesCursorsOfOthersAndAlteredOnes) {
    const auto ali = world_.add_user("Ali");
    const auto bea = world_.add_user("Bea");
    const auto cursor = page(ali, "")->next_cursor;
    EXPECT_EQ(page(bea, cursor).error().reason, Reason::invalid);
    for (const auto* altered : {"NOW", "now ", "nowhere"})
        EXPECT_EQ(page(ali, altered).error().reason, Reason::invalid) << altered;
    EXPECT_EQ(page(ali, "0" + cursor).error().reason, Reason::invalid);
    EXPECT_EQ(page(ali, "nonsense").error().reason, Reason::invalid);
}

TEST_P(SyncTest, BeginsAnewWhenTheDatabaseIsOlderThanTheCursor) {
    const auto ali = world_.add_user("Ali");
    std::string cursor;
    {
        test::World later(GetParam());
        const auto same = later.add_user("Ali");
        ASSERT_EQ(same.user_id, ali.user_id);
        const auto general = later.general_of(same).id;
        for (int i = 0; i < 10; ++i) {
            ASSERT_TRUE(later.change(
                [&](Change& change) { return send_message(change, same, general, {.body = "x"}); }));
        }
        cursor = later
                     .read([&](store::Transaction& transaction) {
                         return load_sync_page(transaction, same.user_id, "", 1'000);
                     })
                     ->next_cursor;
    }
    const auto anew = page(ali, cursor);
    ASSERT_TRUE(anew);
    EXPECT_TRUE(anew->reset);
    EXPECT_EQ(types(*anew), std::vector<std::string>{"conversation"});
    EXPECT_FALSE(page(ali, anew->next_cursor)->reset);
}

/// Random doings of some users, and their clients that sync a page now and then.
class Doings {
public:
    Doings(test::World& world, std::vector<Actor> users, unsigned seed)
        : world_(world), users_(std::move(users)), random_(seed) {}

    std::size_t below(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }

    void one() {
        world_.now += 1 + static_cast<Moment>(below(5'000));
        const auto actor = users_[below(users_.size())];
        const auto other = users_[below(users_.size())];
        const auto conversation = any_conversation(actor);
        const auto message = any_message(conversation);
        const auto kind = below(16);
        world_.change([&](Change& change) {
            switch (kind) {
                case 0:
                    ignore(edit_message(change, actor, message, "edited " + std::to_string(below(1'000))));
                    break;
                case 1:
                    ignore(delete_message(change, actor, message));
                    break;
                case 2:
                    ignore(set_reaction(change, actor, message, "👍"));
                    break;
                case 3:
                    ignore(remove_reaction(change, actor, message, "👍"));
                    break;
                case 4:
                case 5:
                    ignore(mark_read(change, actor, conversation, {}));
                    break;
                case 6:
                    ignore(mark_message_read(change, actor, message));
                    break;
                case 7:
                    ignore(open_direct(change, actor, other.user_id, home_company_id));
                    break;
                case 8:
                    create(change, actor, other);
                    break;
                case 9:
                    ignore(
                        add_participants(change, actor, conversation, std::array{other.user_id}, "user_id"));
                    break;
                case 10:
                    ignore(remove_participant(change, actor, conversation,
                                              below(2) == 0 ? actor.user_id : other.user_id));
                    break;
                case 11:
                    ignore(change_conversation(change, actor, conversation, {.muted = below(2) == 0}));
                    break;
                case 12:
                    ignore(change_conversation(change, actor, conversation,
                                               {.title = "Title " + std::to_string(below(99))}));
                    break;
                case 13:
                    notify(change, actor, other);
                    break;
                default:
                    ignore(send_message(change, actor, conversation,
                                        {.body = "body " + std::to_string(below(1'000))}));
            }
        });
    }

private:
    template <class T>
    static void ignore(const T&) {}  // what is refused changes nothing

    void create(Change& change, const Actor& actor, const Actor& other) {
        if (groups_++ < 4) {
            ignore(create_group(change, actor, home_company_id,
                                {.title = "Group", .user_ids = std::array{other.user_id}}));
        } else {
            read_all_notifications(change, actor.user_id);
        }
    }
    void notify(Change& change, const Actor& actor, const Actor& other) {
        if (last_message_ == 0) return;
        store_message_notification(
            change, {.id = "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + ++notified_),
                     .recipient_id = other.user_id,
                     .sender_id = actor.user_id,
                     .conversation_id = 1,
                     .message_id = last_message_});
    }
    Id any_conversation(const Actor& actor) {
        const auto page = world_.read([&](store::Transaction& transaction) {
            return load_conversations(transaction, actor.user_id, {.limit = 100});
        });
        const auto& row = page->rows[below(page->rows.size())];
        member_ = actor.user_id;
        return row.conversation.id;
    }
    Id any_message(Id conversation_id) {
        const auto page = world_.read([&](store::Transaction& transaction) {
            return load_page(transaction, member_, conversation_id, {.limit = 20});
        });
        if (page->messages.empty()) return 0;
        last_message_ = page->messages[below(page->messages.size())].id;
        return last_message_;
    }

    test::World& world_;
    std::vector<Actor> users_;
    std::mt19937 random_;
    Id member_ = 0;
    Id last_message_ = 0;
    int groups_ = 0;
    std::int64_t notified_ = 0;
};

TEST_P(SyncTest, WhateverHappensInBetweenClientsEndWithWhatThereIs) {
    for (const unsigned seed : {1U, 2U, 3U}) {
        SCOPED_TRACE(seed);
        std::vector<Actor> users;
        for (const auto* name : {"Ali", "Bea", "Cem", "Dan"}) {
            users.push_back(world_.add_user(name + std::to_string(seed)));
        }
        Doings doings(world_, users, seed);
        std::vector<Client> clients;
        for (const auto& user : users) clients.insert(clients.end(), 2, Client{.user = user});
        for (int step = 0; step < 300; ++step) {
            doings.one();
            if (doings.below(3) == 0) {
                sync_once(clients[doings.below(clients.size())],
                          1 + static_cast<std::int64_t>(doings.below(8)));
            }
        }
        for (auto& client : clients) {
            sync(client, 3);
            Client fresh{.user = client.user};
            sync(fresh, 7);
            const auto expected = all_of(client.user);
            expect_equal(fresh.kept, expected, "fresh " + client.user.name);
            expect_equal(client.kept, expected, client.user.name);
        }
    }
}

}  // namespace
}  // namespace parley::chat
