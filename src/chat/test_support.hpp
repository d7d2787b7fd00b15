#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "chat/accounts.hpp"
#include "chat/change.hpp"
#include "chat/companies.hpp"
#include "chat/conversations.hpp"
#include "chat/policy.hpp"
#include "store/test_support.hpp"

namespace parley::chat::test {

/// A fresh database in which the server has started once, and the chat's domain on it. Time stands still
/// until `now` is moved. What a test needs is made by the domain's own functions, which must take it:
/// everything here throws when something is refused that a test takes for granted.
///
///     class BlocksTest : public testing::TestWithParam<store::Dialect> {
///     protected:
///         test::World world_{GetParam()};
///     };
///     INSTANTIATE_TEST_SUITE_P(Databases, BlocksTest, testing::ValuesIn(store::test::databases()),
///                              store::test::name_of_database);
class World {
public:
    explicit World(store::Dialect dialect) : store(dialect) {
        change([](Change& change) { ensure_home_company(change); });
    }

    store::test::FreshStore store;
    Policy policy = {};
    Moment now = 1'768'905'000'000;          // 2026-01-20T10:30:00.000Z
    std::string except_socket = {};          // X-Socket-ID of the requests
    std::vector<Broadcast> broadcasts = {};  // of all changes that stayed, in their order

    /// Runs `work(Change&)` in a writing transaction. What it returns; what it recorded is in `broadcasts`,
    /// unless it returns a refusal.
    template <class Work>
    std::invoke_result_t<Work&, Change&> change(Work work) {
        using Value = std::invoke_result_t<Work&, Change&>;
        if constexpr (std::is_void_v<Value>) {
            change([&work](Change& change) {
                work(change);
                return true;
            });
        } else if constexpr (IsResult<Value>::value) {
            return change_or_refuse(std::move(work));
        } else {
            return *change_or_refuse([&work](Change& change) -> Result<Value> { return work(change); });
        }
    }

    /// The same for `work(store::Transaction&)` in a reading one.
    template <class Work>
    std::invoke_result_t<Work&, store::Transaction&> read(Work work) {
        auto value = store->read_and_wait(std::move(work));
        if (!value) throw std::runtime_error("the store could not read");
        return std::move(*value);
    }

    /// A new user called `name` with the address name@example.com (in lower case), without a token; in the
    /// home company if the policy says so, and the first one its owner.
    Actor add_user(std::string_view name) {
        const auto email = to_lower_ascii(name) + "@example.com";
        const auto user = taken(change([&](Change& change) {
            return create_account(change, {.name = std::string(name), .email = email, .password_hash = "-"});
        }));
        return {.user_id = user.person.id, .name = user.person.name, .email = user.person.email};
    }

    /// A company with its owner; its general conversation is `general_of`.
    Id add_company(const Actor& owner, std::string_view name) {
        return taken(change([&](Change& change) { return create_company(change, owner, name); })).id;
    }

    void add_member(Id company_id, const Actor& user, Role role = Role::member) {
        change([&](Change& change) { join_company(change, company_id, user.user_id, role); });
    }

    Conversation general_of(const Actor& member, Id company_id = home_company_id) {
        return taken(read([&](store::Transaction& transaction) {
            return find_general(transaction, member.user_id, company_id);
        }));
    }

    Conversation add_direct(const Actor& actor, const Actor& other, Id company_id = home_company_id) {
        return taken(change([&](Change& change) {
                   return open_direct(change, actor, other.user_id, company_id);
               }))
            .conversation;
    }

    Conversation add_group(const Actor& creator, std::string_view title, const std::vector<Actor>& others,
                           Id company_id = home_company_id) {
        std::vector<Id> ids;
        for (const auto& other : others) ids.push_back(other.user_id);
        return taken(change([&](Change& change) {
            return create_group(change, creator, company_id, {.title = title, .user_ids = ids});
        }));
    }

    /// The events of one kind in `broadcasts`, in their order.
    template <class Kind>
    std::vector<Kind> events() const {
        std::vector<Kind> found;
        for (const auto& broadcast : broadcasts)
            if (const auto* const event = std::get_if<Kind>(&broadcast.event)) found.push_back(*event);
        return found;
    }

    /// The value of something that a test takes for granted.
    template <class T>
    static T taken(Result<T> result) {
        if (!result) throw std::runtime_error("refused: " + result.error().message);
        if constexpr (!std::is_void_v<T>) return std::move(*result);
    }

private:
    template <class T>
    struct IsResult : std::false_type {};
    template <class T>
    struct IsResult<Result<T>> : std::true_type {};

    template <class Work>
    std::invoke_result_t<Work&, Change&> change_or_refuse(Work work) {
        using Value = std::invoke_result_t<Work&, Change&>;
        std::vector<Broadcast> recorded;
        const auto run = [&](store::Transaction& transaction) -> Value {
            Change change(transaction, policy, now, except_socket);
            auto value = work(change);
            recorded = change.take_broadcasts();
            return value;
        };
        auto value = store->write_and_wait(run);
        if (!value) throw std::runtime_error("the store could not do a change");
        if (*value)
            for (auto& broadcast : recorded) broadcasts.push_back(std::move(broadcast));
        return std::move(*value);
    }
};

/// The field and sentence of each complaint of a refusal, as `field: sentence`.
inline std::vector<std::string> complaints(const Refusal& refusal) {
    std::vector<std::string> list;
    for (const auto& error : refusal.errors) list.push_back(error.field + ": " + error.message);
    return list;
}

}  // namespace parley::chat::test
