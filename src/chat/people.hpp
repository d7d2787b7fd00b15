#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// A colleague as lists of people show them.
struct Colleague {
    Person person = {};
    std::optional<Moment> last_seen_at = {};
};

struct PeopleSearch {
    std::string text = {};              // part of a name or an address; empty: everybody
    std::optional<Id> company_id = {};  // members of this one alone
    Id after_id = 0;                    // users with greater ids
    std::int64_t limit = 50;
};

/// Those of the users that there are, by id.
[[nodiscard]] std::vector<Person> load_people(store::Transaction& transaction,
                                              const std::vector<Id>& user_ids);

/// The people in `user_id`'s companies, the user included, by id. 404 for a company that the user is not in.
[[nodiscard]] Result<std::vector<Colleague>> search_people(store::Transaction& transaction, Id user_id,
                                                           const PeopleSearch& search);

/// Those of `user_ids` that share a company with `user_id`, by id.
[[nodiscard]] std::vector<Id> colleagues_among(store::Transaction& transaction, Id user_id,
                                               const std::vector<Id>& user_ids);

/// Those of `user_ids` that are members of the company, by id.
[[nodiscard]] std::vector<Id> members_among(store::Transaction& transaction, Id company_id,
                                            const std::vector<Id>& user_ids);

}  // namespace parley::chat
