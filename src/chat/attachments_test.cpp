#include "chat/attachments.hpp"

#include <gtest/gtest.h>

#include "chat/attachments_jobs.hpp"
#include "chat/messages.hpp"
#include "chat/test_support.hpp"
#include "jobs/job.hpp"

namespace parley::chat {
namespace {

constexpr Moment day_ms = 86'400'000;

class AttachmentsTest : public testing::TestWithParam<store::Dialect> {
protected:
    NewAttachment file(const std::string& id) {
        return {.id = id,
                .name = "a.txt",
                .media_type = "text/plain",
                .size_bytes = 3,
                .content_hash = "hash of " + id};
    }
    Result<Attachment> add(const Actor& actor, const NewAttachment& attachment) {
        return world_.change([&](Change& change) { return add_attachment(change, actor, attachment); });
    }
    bool sees(const Actor& actor, const std::string& id) {
        return world_.read([&](store::Transaction& transaction) {
            return find_attachment_file(transaction, actor.user_id, id).has_value();
        });
    }
    Message send(const Actor& actor, const Conversation& conversation, const std::string& attachment_id) {
        return test::World::taken(world_.change([&](Change& change) {
                   return send_message(change, actor, conversation.id, {.attachment_ids = {attachment_id}});
               }))
            .message;
    }
    RemovedAttachments remove(std::int64_t most = 100) {
        return world_.change([&](Change& change) { return remove_unused_attachments(change, most); });
    }
    bool used(const std::string& hash) {
        return world_.read(
            [&](store::Transaction& transaction) { return is_content_used(transaction, hash); });
    }

    test::World world_{GetParam()};
    Actor ali_ = world_.add_user("Ali");
    Actor ben_ = world_.add_user("Ben");
    Actor cem_ = world_.add_user("Cem");
    Conversation direct_ = world_.add_direct(ali_, ben_);
};

INSTANTIATE_TEST_SUITE_P(Databases, AttachmentsTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(AttachmentsTest, AreSeenByTheirUploaderThenByWhoSeesTheMessage) {
    const auto added = add(ali_, file("one"));
    ASSERT_TRUE(added.has_value());
    EXPECT_EQ(added->name, "a.txt");
    EXPECT_FALSE(added->has_thumbnail);
    EXPECT_TRUE(sees(ali_, "one"));
    EXPECT_FALSE(sees(ben_, "one"));
    EXPECT_FALSE(sees(ali_, "two"));
    send(ali_, direct_, "one");
    EXPECT_TRUE(sees(ali_, "one"));
    EXPECT_TRUE(sees(ben_, "one"));
    EXPECT_FALSE(sees(cem_, "one"));
}

TEST_P(AttachmentsTest, AreNotSeenByWhoHasLeft) {
    const auto group = world_.add_group(ali_, "Group", {ben_, cem_});
    ASSERT_TRUE(add(ali_, file("one")).has_value());
    send(ali_, group, "one");
    EXPECT_TRUE(sees(cem_, "one"));
    test::World::taken(world_.change(
        [&](Change& change) { return remove_member(change, cem_, home_company_id, cem_.user_id); }));
    EXPECT_FALSE(sees(cem_, "one"));
    EXPECT_TRUE(sees(ben_, "one"));
}

TEST_P(AttachmentsTest, GoWithTheirMessage) {
    ASSERT_TRUE(add(ali_, file("one")).has_value());
    const auto message = send(ali_, direct_, "one");
    test::World::taken(
        world_.change([&](Change& change) { return delete_message(change, ali_, message.id); }));
    EXPECT_FALSE(sees(ben_, "one"));
    EXPECT_EQ(remove().hashes, std::vector<std::string>{"hash of one"}) << "at once, however young";
    EXPECT_FALSE(sees(ali_, "one"));
}

TEST_P(AttachmentsTest, AreLimitedWhileUnused) {
    world_.policy.limits.max_unused_attachments = 2;
    ASSERT_TRUE(add(ali_, file("one")).has_value());
    ASSERT_TRUE(add(ali_, file("two")).has_value());
    const auto refused = add(ali_, file("three"));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().reason, Reason::conflict);
    EXPECT_EQ(refused.error().code, "too_many_unused_attachments");
    EXPECT_TRUE(add(ben_, file("of another")).has_value());
    send(ali_, direct_, "one");
    EXPECT_TRUE(add(ali_, file("three")).has_value());
    EXPECT_FALSE(add(ali_, file("four")).has_value());
    world_.now += day_ms;
    EXPECT_TRUE(add(ali_, file("four")).has_value()) << "old ones are as good as gone";
    world_.policy.limits.max_unused_attachments = unlimited;
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(add(ali_, file("more" + std::to_string(i))).has_value());
}

TEST_P(AttachmentsTest, AreRemovedWhenUnusedForLong) {
    auto picture = file("picture");
    picture.thumbnail_hash = "small";
    ASSERT_TRUE(add(ali_, picture).has_value());
    ASSERT_TRUE(add(ali_, file("sent")).has_value());
    send(ali_, direct_, "sent");
    world_.now += day_ms - 1;
    ASSERT_TRUE(add(ali_, file("young")).has_value());
    EXPECT_EQ(remove().count, 0);
    world_.now += 1;
    const auto removed = remove();
    EXPECT_EQ(removed.count, 1);
    EXPECT_EQ(removed.hashes, (std::vector<std::string>{"hash of picture", "small"}));
    EXPECT_FALSE(sees(ali_, "picture"));
    EXPECT_TRUE(sees(ali_, "young"));
    EXPECT_TRUE(sees(ben_, "sent"));
}

TEST_P(AttachmentsTest, AreRemovedInStepsOldestFirst) {
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(add(ali_, file(std::to_string(i))).has_value());
        world_.now += 1;
    }
    world_.now += day_ms;
    EXPECT_EQ(remove(2).hashes, (std::vector<std::string>{"hash of 0", "hash of 1"}));
    EXPECT_EQ(remove(2).count, 1);
    EXPECT_EQ(remove(2).count, 0);
}

TEST_P(AttachmentsTest, ShareContents) {
    auto one = file("one");
    one.thumbnail_hash = "small";
    auto two = file("two");
    two.content_hash = one.content_hash;
    ASSERT_TRUE(add(ali_, one).has_value());
    world_.now += 1;
    ASSERT_TRUE(add(ben_, two).has_value());
    EXPECT_TRUE(used("small"));
    world_.now += day_ms - 1;
    remove();
    EXPECT_FALSE(used("small"));
    EXPECT_TRUE(used(one.content_hash));
    world_.now += 1;
    remove();
    EXPECT_FALSE(used(one.content_hash));
}

TEST_P(AttachmentsTest, AreRemovedByAJobThatComesAgain) {
    world_.change([](Change& change) {
        ensure_remove_attachments_job(change);
        ensure_remove_attachments_job(change);
    });
    ASSERT_TRUE(add(ali_, file("one")).has_value());
    world_.now += day_ms;
    std::vector<std::string> released;
    const Current<Policy> policy(world_.policy);
    const auto handler = remove_attachments_handler(
        policy, [&](std::vector<std::string> hashes) { released = std::move(hashes); });
    const auto taken = world_.store->write_and_wait([&](store::Transaction& transaction) {
        const auto jobs =
            jobs::take_due(transaction, remove_attachments_job_kind, world_.now, world_.now + 1'000, 10);
        EXPECT_TRUE(jobs::remove(transaction, jobs.front()));
        auto after = handler(transaction, jobs.front(), world_.now).value();
        EXPECT_TRUE(jobs::is_queued(transaction, remove_attachments_job_kind)) << "the next one";
        return std::pair(jobs.size(), after);
    });
    ASSERT_TRUE(taken.has_value());
    EXPECT_EQ(taken->first, 1U);
    EXPECT_TRUE(released.empty()) << "not before the commit";
    taken->second();
    EXPECT_EQ(released, std::vector<std::string>{"hash of one"});
}

}  // namespace
}  // namespace parley::chat
