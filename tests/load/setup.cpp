#include "setup.hpp"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "chat/accounts.hpp"
#include "chat/companies.hpp"
#include "chat/conversations.hpp"
#include "crypto/random.hpp"
#include "json/writer.hpp"
#include "json_values.hpp"

namespace parley::load {

namespace {

class StoreSetup final : public Setup {
    template <class Work>
    auto change(Work work) {
        auto outcome = store_.write_and_wait([&work](store::Transaction& transaction) {
            const chat::Policy policy;
            chat::Change change(transaction, policy, SystemClock().unix_ms(), "");
            return work(change);
        });
        if (!outcome) throw std::runtime_error("the database could not be written to");
        if (!*outcome) throw std::runtime_error("refused: " + outcome->error().message);
        return std::move(**outcome);
    }

public:
    explicit StoreSetup(store::Store& store) : store_(store) {}

    std::vector<Person> add_people(std::size_t count) override {
        auto people = change([&](chat::Change& change) -> chat::Result<std::vector<Person>> {
            std::vector<Person> made;
            for (std::size_t i = 0; i < count; ++i) {
                const auto number = people_count_ + i + 1;
                const chat::NewAccount account{.name = fmt::format("Person {}", number),
                                               .email = fmt::format("person{}@example.com", number),
                                               .password_hash = "-"};
                const auto user = chat::create_account(change, account);
                if (!user) return tl::unexpected(user.error());
                made.push_back({.user_id = user->person.id,
                                .name = account.name,
                                .email = account.email,
                                .token = chat::issue_token(change, user->person.id, "load").text});
            }
            return made;
        });
        people_count_ += count;
        return people;
    }

    chat::Id open_direct(const Person& person, const Person& other) override {
        return change([&](chat::Change& change) {
                   return chat::open_direct(change, actor(person), other.user_id, chat::home_company_id);
               })
            .conversation.id;
    }

    chat::Id open_group(const std::vector<Person>& people) override {
        std::vector<chat::Id> ids;
        for (const auto& person : people) ids.push_back(person.user_id);
        return change([&](chat::Change& change) {
                   return chat::create_group(change, actor(people.front()), chat::home_company_id,
                                             {.title = "Load", .user_ids = ids});
               })
            .id;
    }

private:
    static chat::Actor actor(const Person& person) {
        return {.user_id = person.user_id, .name = person.name, .email = person.email};
    }

    store::Store& store_;
    std::size_t people_count_ = 0;
};

class RestSetup final : public Setup {
public:
    explicit RestSetup(HttpClient& client)
        : client_(client), run_(std::to_string(crypto::random_below(1'000'000'000))) {}

    std::vector<Person> add_people(std::size_t count) override {
        std::vector<Person> made;
        for (std::size_t i = 0; i < count; ++i) {
            Person person{.name = fmt::format("Person {}", ++people_count_),
                          .email = fmt::format("load-{}-{}@example.com", run_, people_count_)};
            std::string body;
            json::Writer(body)
                .begin_object()
                .name("name")
                .string(person.name)
                .name("email")
                .string(person.email)
                .name("password")
                .string("password-" + run_)
                .end_object();
            const auto answer = post("/api/auth/register", {}, std::move(body));
            person.token = member_at(answer, {"token"});
            person.user_id = integer_at(answer, {"user", "id"});
            made.push_back(std::move(person));
        }
        return made;
    }

    chat::Id open_direct(const Person& person, const Person& other) override {
        return integer_at(post("/api/chat/conversations", person.token,
                               fmt::format(R"({{"type":"direct","user_id":{}}})", other.user_id)),
                          {"id"});
    }

    chat::Id open_group(const std::vector<Person>& people) override {
        std::vector<chat::Id> ids;
        for (std::size_t i = 1; i < people.size(); ++i) ids.push_back(people[i].user_id);
        return integer_at(
            post("/api/chat/conversations", people.front().token,
                 fmt::format(R"({{"type":"group","title":"Load","user_ids":[{}]}})", fmt::join(ids, ","))),
            {"id"});
    }

private:
    std::string post(std::string target, const std::string& token, std::string body) {
        return client_.expect_success(
            {.method = "POST", .target = std::move(target), .token = token, .body = std::move(body)});
    }

    HttpClient& client_;
    std::string run_;  // so that a server may be used again
    std::size_t people_count_ = 0;
};

}  // namespace

std::unique_ptr<Setup> setup_in(store::Store& store) { return std::make_unique<StoreSetup>(store); }

std::unique_ptr<Setup> setup_over(HttpClient& client) { return std::make_unique<RestSetup>(client); }

}  // namespace parley::load
