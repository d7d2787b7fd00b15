#include "api/idempotent_publishes.hpp"

#include <set>

#include <gtest/gtest.h>

namespace parley::api {
namespace {

using Error = IdempotentPublishes::Error;

class IdempotentPublishesTest : public testing::Test {
protected:
    /// Publishes `key` with an empty answer; false when there was no room.
    bool publish(std::string_view key, std::uint64_t now_ms = 0) {
        auto attempt = publishes_.begin(app_, key, "f", now_ms);
        if (!attempt) return false;
        if (!attempt->earlier_answer()) attempt->finish("");
        return true;
    }

    void limit_bytes(std::int64_t bytes_max) {
        auto settings = app_.settings();
        settings.limits.max_publish_idempotency_bytes = bytes_max;
        app_.change(std::move(settings));
    }

    hub::App app_{0, {.id = "1"}};
    IdempotentPublishes publishes_{2};
};

TEST_F(IdempotentPublishesTest, AnswersAsBeforeUntilTheKeyIsForgotten) {
    auto first = publishes_.begin(app_, "k", "f", 0);
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->earlier_answer());
    first->finish("{}");
    auto again = publishes_.begin(app_, "k", "f", 119'999);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->earlier_answer(), "{}");
    EXPECT_EQ(publishes_.begin(app_, "k", "g", 119'999).error(), Error::other_request);
    EXPECT_FALSE(publishes_.begin(app_, "k", "g", 120'000)->earlier_answer());
}

TEST_F(IdempotentPublishesTest, KeepsAppsApart) {
    const hub::App other(1, {.id = "2"});
    EXPECT_TRUE(publish("k"));
    EXPECT_FALSE(publishes_.begin(other, "k", "g", 0)->earlier_answer());
}

TEST_F(IdempotentPublishesTest, RefusesWhatIsInProgressAndFreesWhatWasGivenUp) {
    {
        auto first = publishes_.begin(app_, "k", "f", 0);
        ASSERT_TRUE(first);
        EXPECT_EQ(publishes_.begin(app_, "k", "f", 0).error(), Error::in_progress);
        EXPECT_EQ(publishes_.begin(app_, "k", "f", 120'000).error(), Error::in_progress);
        EXPECT_EQ(publishes_.begin(app_, "k", "g", 0).error(), Error::other_request);
        const auto moved = std::move(*first);
        EXPECT_EQ(publishes_.begin(app_, "k", "f", 0).error(), Error::in_progress);
    }
    EXPECT_FALSE(publishes_.begin(app_, "k", "g", 0)->earlier_answer());
}

TEST_F(IdempotentPublishesTest, RefusesNewKeysOnlyPastTheLimit) {
    limit_bytes(2 * (IdempotentPublishes::overhead_bytes + 1));
    EXPECT_TRUE(publish("a"));
    EXPECT_TRUE(publish("b", 1));
    EXPECT_EQ(publishes_.begin(app_, "c", "f", 2).error(), Error::full);
    EXPECT_TRUE(publish("b", 2)) << "no new one";
    EXPECT_TRUE(publish("c", 120'000)) << "the first has been forgotten";
    EXPECT_FALSE(publish("dd", 120'001)) << "one byte too many";
    EXPECT_TRUE(publish("d", 120'001));
}

TEST_F(IdempotentPublishesTest, CountsAnswers) {
    limit_bytes(2 * IdempotentPublishes::overhead_bytes + 2 + 10);
    publishes_.begin(app_, "a", "f", 0)->finish(std::string(11, 'x'));
    EXPECT_FALSE(publish("b"));
    publishes_.begin(app_, "a", "f", 120'000)->finish(std::string(10, 'x'));
    EXPECT_TRUE(publish("b", 120'000));
}

TEST(Fingerprint, TellsApartWhateverIsPublishedOrAskedFor) {
    const PublishRequest event{"n", {"a", "b"}, "d", std::nullopt, {}};
    const auto changed = [&](auto change) {
        auto other = event;
        change(other);
        return other;
    };
    const std::vector<PublishRequest> others = {
        event,
        changed([](auto& other) { other.name = "m"; }),
        changed([](auto& other) { other.data = ""; }),
        changed([](auto& other) { other.channels = {"a"}; }),
        changed([](auto& other) { other.channels = {"a:1", "b"}; }),
        changed([](auto& other) { other.except = pusher::SocketId{1, 2}; }),
        changed([](auto& other) { other.info.user_count = true; }),
        changed([](auto& other) { other.info.subscription_count = true; }),
    };
    std::set<std::string> fingerprints;
    for (const auto& other : others) fingerprints.insert(fingerprint(Keyed::event, {&other, 1}));
    fingerprints.insert(fingerprint(Keyed::event_of_batch, {&event, 1}));
    fingerprints.insert(fingerprint(Keyed::batch, {&event, 1}));
    fingerprints.insert(fingerprint(Keyed::batch, others));
    EXPECT_EQ(fingerprints.size(), others.size() + 3);
    auto keyed = event;
    keyed.idempotency_key = "k";
    EXPECT_EQ(fingerprint(Keyed::event, {&keyed, 1}), fingerprint(Keyed::event, {&event, 1}));
}

}  // namespace
}  // namespace parley::api
