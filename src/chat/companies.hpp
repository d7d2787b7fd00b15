#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/change.hpp"
#include "chat/model.hpp"
#include "chat/refusal.hpp"
#include "store/transaction.hpp"

namespace parley::chat {

/// A company as one of its members sees it.
struct Company {
    Id id = 0;
    std::string name = {};
    Role role = Role::member;  // of the one who looks
    Id general_conversation_id = 0;
    std::int64_t member_count = 0;
    Moment created_at = 0;
};

struct Member {
    Person person = {};
    Role role = Role::member;
    std::optional<Moment> last_seen_at = {};
    Moment joined_at = 0;
};

/// Whom to add to a company: one of `user_id` and `email`.
struct MemberChoice {
    std::optional<Id> user_id = {};
    std::optional<std::string> email = {};
    std::optional<Role> role = {};  // without one: `member` for new ones, the one that they have for others
};

enum class Membership : std::uint8_t {
    made,
    changed,  // was a member already, and has the role now
    invited   // nobody has the address yet: a member as soon as somebody registers with it
};

struct MemberAdded {
    Membership membership = Membership::made;
    std::optional<Member> member = {};  // not of an invitation
    std::string email = {};             // of an invitation
    Role role = Role::member;
};

/// Makes company 1 with its general conversation unless it is there; for every start of a server.
void ensure_home_company(Change& change);

/// Makes a company with its general conversation; the actor is its owner. 422 for a name that does not fit.
[[nodiscard]] Result<Company> create_company(Change& change, const Actor& actor, std::string_view name);

/// The companies that a user is in, by id, after `after_id`, at most `limit`.
[[nodiscard]] std::vector<Company> list_companies(store::Transaction& transaction, Id user_id, Id after_id,
                                                  std::int64_t limit);

/// A company's members by id; 404 unless the user is one.
[[nodiscard]] Result<std::vector<Member>> list_members(store::Transaction& transaction, Id user_id,
                                                       Id company_id, Id after_id, std::int64_t limit);

/// Adds a member, changes a member's role, or invites an address. By owners and admins (403), of owners by
/// owners alone; 404 for a company that the actor is not in; 422 for a user that the actor does not share a
/// company with; 409 when the company would be left without an owner.
[[nodiscard]] Result<MemberAdded> add_member(Change& change, const Actor& actor, Id company_id,
                                             const MemberChoice& choice);

/// Ends a membership: the actor's own, or, for owners and admins, that of others. The member leaves the
/// company's conversations and campaigns. Rules and refusals as for `add_member`; 404 for one who is no
/// member.
[[nodiscard]] Result<Id> remove_member(Change& change, const Actor& actor, Id company_id, Id user_id);

/// Makes a user a member, whoever wants it, with a part in the general conversation, which they have read,
/// and in the direct ones that they have left. Nothing if they are one already.
void join_company(Change& change, Id company_id, Id user_id, Role role);

}  // namespace parley::chat
