#include "chat/search.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "chat/messages.hpp"
#include "chat/participants.hpp"
#include "chat/test_support.hpp"

namespace parley::chat {
namespace {

class SearchTest : public testing::TestWithParam<store::Dialect> {
protected:
    Message send(const Actor& actor, Id conversation_id, const std::string& body) {
        world_.now += 1'000;
        return test::World::taken(world_.change([&](Change& change) {
                   return send_message(change, actor, conversation_id, {.body = body});
               }))
            .message;
    }
    Result<SearchPage> search(const Actor& actor, const SearchQuery& query) {
        return world_.read([&](store::Transaction& transaction) {
            return search_messages(transaction, actor.user_id, query);
        });
    }
    std::vector<std::string> found(const Actor& actor, const SearchQuery& query) {
        std::vector<std::string> bodies;
        const auto page = search(actor, query);
        if (!page) return {"refused: " + page.error().message};
        for (const auto& hit : page->hits) bodies.push_back(hit.message.body);
        return bodies;
    }
    using Bodies = std::vector<std::string>;

    test::World world_{GetParam()};
    Actor ali_ = world_.add_user("Ali");
    Actor bea_ = world_.add_user("Bea");
    Actor cem_ = world_.add_user("Cem");
    Id direct_ = world_.add_direct(ali_, bea_).id;
    Id group_ = world_.add_group(ali_, "Group", {cem_}).id;
};
INSTANTIATE_TEST_SUITE_P(Databases, SearchTest, testing::ValuesIn(store::test::databases()),
                         store::test::name_of_database);

TEST_P(SearchTest, FindsAllWordsInAnyOrderTheLastAsABeginning) {
    send(ali_, direct_, "The quick brown fox");
    send(bea_, direct_, "a fox, quickly");
    send(ali_, direct_, "see example.com/path_to or write to a-b@example.com");
    send(ali_, direct_, "Übergrößenträger: l’ÉTÉ");
    const struct {
        const char* text;
        Bodies bodies;
    } cases[] = {
        {"fox quick", {"a fox, quickly", "The quick brown fox"}},
        {"fox quick ", {"The quick brown fox"}},
        {"quick fox", {"The quick brown fox"}},
        {"qu fox", {}},
        {"FOX", {"a fox, quickly", "The quick brown fox"}},
        {"\"brown fox\"", {"The quick brown fox"}},
        {"\"quick fox\"", {}},
        {"\"brown fo\"", {}},
        {"example", {"see example.com/path_to or write to a-b@example.com"}},
        {"path", {"see example.com/path_to or write to a-b@example.com"}},
        {"a-b@example.com", {"see example.com/path_to or write to a-b@example.com"}},
        {"ete", {"Übergrößenträger: l’ÉTÉ"}},
        {"été", {"Übergrößenträger: l’ÉTÉ"}},
        {"ubergrö", {"Übergrößenträger: l’ÉTÉ"}},
        {"nothing", {}},
    };
    for (const auto& [text, bodies] : cases) EXPECT_EQ(found(ali_, {.text = text}), bodies) << text;
}

TEST_P(SearchTest, NothingThatIsTypedIsASyntaxError) {
    send(ali_, direct_, "fox AND NOT the OR near");
    for (const std::string text : {"fox AND",      "NOT fox",       "\"fox",    "fox\"",
                                   "fox*",         "fox:*",         "(fox",     "fox & the",
                                   "fox | !the",   "{body}: fox",   "^fox",     "fox <-> and",
                                   "'fox'",        "fox\\",         "-fox",     "body:fox NEAR/2 the",
                                   "fox 👍",       "— fox",         "\"\" fox", "fo\xcc\x81x",
                                   "\xcc\x81 fox", "NEAR(fox the)", "fox ٪"}) {
        const auto page = search(ali_, {.text = text});
        EXPECT_TRUE(page) << text;
    }
    EXPECT_EQ(found(ali_, {.text = "fox & !the *"}), Bodies{"fox AND NOT the OR near"});
    for (const auto* text : {"", " ", "\"\"", "?!", "👍", "\xcc\x81"}) {
        const auto page = search(ali_, {.text = text});
        ASSERT_FALSE(page) << text;
        EXPECT_EQ(page.error().errors.at(0).field, "q");
    }
}

TEST_P(SearchTest, FindsOnlyWhereOneTakesPartNow) {
    send(ali_, direct_, "secret one");
    send(ali_, group_, "secret two");
    EXPECT_EQ(found(ali_, {.text = "secret"}), (Bodies{"secret two", "secret one"}));
    EXPECT_EQ(found(bea_, {.text = "secret"}), Bodies{"secret one"});
    EXPECT_EQ(found(cem_, {.text = "secret"}), Bodies{"secret two"});
    ASSERT_TRUE(world_.change(
        [&](Change& change) { return remove_participant(change, cem_, group_, cem_.user_id); }));
    EXPECT_EQ(found(cem_, {.text = "secret"}), Bodies{});
}

TEST_P(SearchTest, KnowsEditedAndDeletedMessages) {
    const auto message = send(ali_, direct_, "first wording");
    ASSERT_TRUE(world_.change(
        [&](Change& change) { return edit_message(change, ali_, message.id, "second wording"); }));
    EXPECT_EQ(found(ali_, {.text = "first"}), Bodies{});
    EXPECT_EQ(found(ali_, {.text = "second"}), Bodies{"second wording"});
    ASSERT_TRUE(world_.change([&](Change& change) { return delete_message(change, ali_, message.id); }));
    EXPECT_EQ(found(ali_, {.text = "second"}), Bodies{});
}

TEST_P(SearchTest, NarrowsDown) {
    const auto first = send(ali_, direct_, "word 1");
    const auto second = send(bea_, direct_, "word 2");
    send(ali_, group_, "word 3");
    const struct {
        const char* what;
        SearchQuery query;
        Bodies bodies;
    } cases[] = {
        {"company", {.text = "word", .company_id = home_company_id}, {"word 3", "word 2", "word 1"}},
        {"another company", {.text = "word", .company_id = 99}, {}},
        {"conversation", {.text = "word", .conversation_id = direct_}, {"word 2", "word 1"}},
        {"sender", {.text = "word", .sender_id = ali_.user_id}, {"word 3", "word 1"}},
        {"before, which it excludes", {.text = "word", .before = second.created_at}, {"word 1"}},
        {"after, which it includes", {.text = "word", .after = second.created_at}, {"word 3", "word 2"}},
        {"both", {.text = "word", .before = second.created_at, .after = first.created_at}, {"word 1"}},
        {"long ago", {.text = "word", .before = 0}, {}},
        {"in the future", {.text = "word", .after = world_.now + 10'000'000}, {}},
        {"attachments", {.text = "word", .has_attachment = true}, {}},
    };
    for (const auto& [what, query, bodies] : cases) EXPECT_EQ(found(ali_, query), bodies) << what;
}

TEST_P(SearchTest, GoesOnWithACursor) {
    for (int i = 0; i < 7; ++i) send(ali_, i % 2 == 0 ? direct_ : group_, "word " + std::to_string(i));
    Bodies all;
    std::string cursor;
    do {
        const auto page = search(ali_, {.text = "word", .cursor = cursor, .limit = 3});
        ASSERT_TRUE(page);
        EXPECT_LE(page->hits.size(), 3u);
        for (const auto& hit : page->hits) all.push_back(hit.message.body);
        cursor = page->next_cursor.value_or("");
    } while (!cursor.empty());
    EXPECT_EQ(all, (Bodies{"word 6", "word 5", "word 4", "word 3", "word 2", "word 1", "word 0"}));
    EXPECT_FALSE(search(ali_, {.text = "word", .cursor = "nonsense"}));
    EXPECT_FALSE(search(ali_, {.text = "word", .limit = 7})->next_cursor);
}

TEST_P(SearchTest, FindsTheFewOfSomebodyAmongManyOfOthers) {
    send(bea_, direct_, "common word of Bea");
    send(bea_, direct_, "no such thing");
    world_.change([&](Change& change) {
        for (int i = 0; i < 600; ++i) {
            EXPECT_TRUE(send_message(change, ali_, group_, {.body = "common word " + std::to_string(i)}));
        }
    });
    send(bea_, direct_, "this is newer");
    EXPECT_EQ(found(bea_, {.text = "word common"}), Bodies{"common word of Bea"});
    EXPECT_EQ(found(bea_, {.text = "\"common word\""}), Bodies{"common word of Bea"});
    EXPECT_FALSE(search(bea_, {.text = "word"})->next_cursor);
    EXPECT_EQ(found(cem_, {.text = "word common", .limit = 2}),
              (Bodies{"common word 599", "common word 598"}));
}

TEST_P(SearchTest, ShowsWhereTheWordIs) {
    send(ali_, direct_, "Où est la clé?");
    const auto page = search(bea_, {.text = "cle"});
    ASSERT_EQ(page->hits.size(), 1u);
    EXPECT_EQ(page->hits[0].snippet.text, "Où est la clé?");
    EXPECT_EQ(page->hits[0].snippet.highlights, (std::vector<Highlight>{{.start = 10, .length = 3}}));
}

}  // namespace
}  // namespace parley::chat
