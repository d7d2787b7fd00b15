#include "hub/refusal_journal.hpp"

#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"

namespace parley::hub {
namespace {

using pusher::RefusalCode;
using pusher::RefusalKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Audience = RefusalJournal::Audience;

constexpr auto quiet = RefusalJournal::LogLine::none;

Refused subscription(std::string sentence, std::string app_id = "one") {
    return {.kind = RefusalKind::subscription,
            .code = RefusalCode::wrong_signature,
            .sentence = std::move(sentence),
            .app_id = std::move(app_id)};
}

class RefusalJournalTest : public testing::Test {
protected:
    std::vector<std::string> sentences(std::size_t count_max, std::string_view app_id = "") {
        std::vector<std::string> found;
        for (auto& entry : journal_.last(count_max, app_id)) found.push_back(entry.refused.sentence);
        return found;
    }

    ManualClock clock_;
    Apps apps_{{{.id = "one", .key = "key-1", .secrets = {"new-secret", "old-secret"}},
                {.id = "two", .key = "key-2", .secrets = {"second-secret"}}},
               10};
    RefusalJournal journal_{apps_, clock_, Audience::strangers};
};

TEST_F(RefusalJournalTest, KeepsTheLastOnesNewestLast) {
    for (std::size_t i = 0; i < RefusalJournal::entry_count_max + 10; ++i)
        journal_.add(subscription(fmt::format("{}", i)), quiet);
    EXPECT_EQ(sentences(1'000).size(), RefusalJournal::entry_count_max);
    EXPECT_EQ(sentences(1'000).front(), "10");
    EXPECT_THAT(sentences(2), ElementsAre("264", "265"));
    EXPECT_EQ(journal_.count(RefusalCode::wrong_signature), 266U);
    EXPECT_EQ(journal_.count(RefusalCode::clock_off), 0U);
}

TEST_F(RefusalJournalTest, TellsAppsApart) {
    journal_.add(subscription("a", "one"), quiet);
    journal_.add(subscription("b", "two"), quiet);
    journal_.add(subscription("c", "one"), quiet);
    EXPECT_THAT(sentences(10, "one"), ElementsAre("a", "c"));
    EXPECT_THAT(sentences(1, "two"), ElementsAre("b"));
    EXPECT_TRUE(sentences(10, "three").empty());
}

TEST_F(RefusalJournalTest, HidesSecretsThatPeersSent) {
    auto refused = subscription("No app has the key 'second-secret'.", "");
    refused.channel = "private-old-secret";
    refused.compared = "1.1:new-secret:new-secret";
    refused.request = "GET /new-secret";
    journal_.add(refused, RefusalJournal::LogLine::written);
    const auto text = refusals_json(journal_, 10);
    EXPECT_THAT(text, Not(HasSubstr("-secret")));
    EXPECT_THAT(text, HasSubstr("No app has the key '(secret)'."));
    EXPECT_EQ(journal_.told("It is new-secret.", RefusalCode::unknown_key), "It is (secret).");
}

TEST_F(RefusalJournalTest, HidesSecretsOfOtherApps) {
    auto refused = subscription("No app has the key 'second-secret'.", "one");
    refused.channel = "private-second-secret";
    refused.request = "POST /apps/one/events?auth_key=second-secret";
    journal_.add(refused, quiet);
    EXPECT_THAT(refusals_json(journal_, 10), Not(HasSubstr("second-secret")));
    EXPECT_EQ(journal_.told("Not 'second-secret'.", RefusalCode::unknown_key, "", "one"), "Not '(secret)'.");
}

TEST_F(RefusalJournalTest, HidesSecretsThatWereCut) {
    const std::string secret = "0123456789-abcdefghijklmnopqrstuvwxyz-0123456789";
    const std::string sibling = secret.substr(0, 30) + "-and-another-end";
    apps_.apply({{.id = "one", .key = "key-1", .secrets = {secret, secret.substr(0, 8)}},
                 {.id = "two", .key = "key-2", .secrets = {sibling, "ééééééééééé-éééé"}}});
    const struct {
        std::string sent;
        std::string shown;
    } rows[] = {
        {"'" + secret.substr(0, 40) + "…'", "'(secret)…'"},
        {"'" + secret.substr(0, 24) + "…'", "'(secret)…'"},
        {"x" + secret + "y", "x(secret)y"},
        {sibling + secret, "(secret)(secret)"},
        {"a secret-0123456789", "a secret-(secret)89"},  // one that is the beginning of another
        {"ééééééééééé-è", "(secret)\uFFFD"},             // another character, of the same first byte
    };
    for (const auto& row : rows) {
        journal_.add(subscription(row.sent), quiet);
        EXPECT_THAT(sentences(1), ElementsAre(row.shown)) << row.sent;
        EXPECT_EQ(journal_.told(row.sent, RefusalCode::unknown_key, "", "one"), row.shown) << row.sent;
    }
    // Where texts are cut.
    journal_.add(subscription(std::string(990, 'x') + secret), quiet);
    EXPECT_THAT(sentences(1), ElementsAre(std::string(990, 'x') + "(secret)"));
}

TEST_F(RefusalJournalTest, IsValidUtf8AndShort) {
    auto refused = subscription("\xff", "one");
    refused.channel = std::string(100'000, 'x');
    journal_.add(refused, quiet);
    const auto entry = journal_.last(1).front().refused;
    EXPECT_EQ(entry.sentence, "\uFFFD");
    EXPECT_EQ(entry.channel.size(), 1'000U);
}

TEST_F(RefusalJournalTest, TellsOnlyDevelopersWhatWasCompared) {
    EXPECT_EQ(journal_.told("No.", RefusalCode::wrong_signature, "GET\n/a", "one"), "No.");
    const RefusalJournal open(apps_, clock_, Audience::developers);
    EXPECT_EQ(open.told("No.", RefusalCode::wrong_signature, "GET\n/a", "one"),
              "No. [wrong_signature] Compared: GET\\n/a");
}

TEST_F(RefusalJournalTest, IsToldAsJson) {
    EXPECT_EQ(refusals_json(journal_, 10), R"({"refusals":[]})");
    journal_.add({.kind = RefusalKind::publish,
                  .code = RefusalCode::clock_off,
                  .status = 401,
                  .sentence = "Late.",
                  .compared = "a\nb",
                  .app_id = "one",
                  .channel = "c",
                  .socket_id = "1.2",
                  .peer = "127.0.0.1",
                  .request = "POST /apps/one/events"},
                 quiet);
    EXPECT_EQ(refusals_json(journal_, 10),
              fmt::format(R"({{"refusals":[{{"at_ms":{},"kind":"publish","code":"clock_off","status":401,)"
                          R"("sentence":"Late.","compared":"a\nb","cure":"{}","app_id":"one","channel":"c",)"
                          R"("socket_id":"1.2","peer":"127.0.0.1","request":"POST /apps/one/events"}}]}})",
                          clock_.unix_ms(), cure_of(RefusalCode::clock_off)));
}

TEST_F(RefusalJournalTest, TakesRefusalsOfAllThreads) {
    constexpr std::size_t each = 500;
    const auto add_many = [this] {
        for (std::size_t i = 0; i < each; ++i) journal_.add(subscription("x"), quiet);
    };
    std::thread first(add_many);
    std::thread second(add_many);
    for (int i = 0; i < 50; ++i) EXPECT_LE(journal_.last(1'000).size(), RefusalJournal::entry_count_max);
    first.join();
    second.join();
    EXPECT_EQ(journal_.count(RefusalCode::wrong_signature), 2 * each);
}

}  // namespace
}  // namespace parley::hub
