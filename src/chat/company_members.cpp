#include <algorithm>
#include <string>

#include "chat/access.hpp"
#include "chat/companies.hpp"
#include "chat/participants.hpp"
#include "chat/text_rules.hpp"

namespace parley::chat {

namespace {

const store::Statement select_user_by_email("SELECT id FROM users WHERE email_key = $1");

const store::Statement update_role(
    "UPDATE company_members SET role = $3 WHERE company_id = $1 AND user_id = $2");

const store::Statement delete_member("DELETE FROM company_members WHERE company_id = $1 AND user_id = $2");

const store::Statement count_owners(
    "SELECT COUNT(*) FROM company_members WHERE company_id = $1 AND role = 'owner'");

const store::Statement upsert_invitation(
    "INSERT INTO invitations (company_id, email_key, role, created_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (company_id, email_key) DO UPDATE SET role = excluded.role");

const store::Statement select_campaigns(
    "SELECT c.id, CASE WHEN c.owner_id = $2 OR EXISTS (SELECT 1 FROM campaign_members m "
    "WHERE m.campaign_id = c.id AND m.user_id = $2) THEN 1 ELSE 0 END FROM campaigns c WHERE c.company_id = "
    "$1 "
    "ORDER BY c.id");

const store::Statement delete_from_campaigns(
    "DELETE FROM campaign_members WHERE user_id = $2 "
    "AND campaign_id IN (SELECT id FROM campaigns WHERE company_id = $1)");

enum class Takes : std::uint8_t { part, no_part };  // as the campaign's owner or one of its members

/// A user may no longer see the campaigns of a company: those that they have, or have no, part in.
void record_campaigns_left(Change& change, Id company_id, Id user_id, Takes takes) {
    for (const auto row : change.transaction().query(select_campaigns, {company_id, user_id}))
        if ((row.integer(1) != 0) == (takes == Takes::part))
            change.record(CampaignMemberLeft{.campaign_id = row.integer(0), .user_id = user_id});
}

/// Whether a change from one role (empty: none) to another is allowed to somebody with the role `actors`.
Result<bool> check_role_change(store::Transaction& transaction, Id company_id, Role actors,
                               std::optional<Role> before, std::optional<Role> after) {
    if (before == after || (before != Role::owner && after != Role::owner)) return true;
    if (actors != Role::owner) return forbidden("Only owners of the company may make or unmake owners.");
    if (before == Role::owner && *transaction.query_integer(count_owners, {company_id}) == 1)
        return conflict("last_owner", "The company's last owner cannot go.");
    return true;
}

/// Whom a choice means: 0 for somebody whose address nobody has.
Result<Id> find_chosen(Change& change, const Actor& actor, const MemberChoice& choice,
                       std::string_view email) {
    auto& transaction = change.transaction();
    if (!choice.user_id)
        return transaction.query_integer(select_user_by_email, {email_key(email)}).value_or(0);
    if (*choice.user_id != actor.user_id && !share_company(transaction, actor.user_id, *choice.user_id))
        return invalid("user_id", "The selected user id is invalid.");
    return *choice.user_id;
}

Member load_member(store::Transaction& transaction, Id company_id, Id user_id) {
    return list_members(transaction, user_id, company_id, user_id - 1, 1)->front();
}

void set_role(Change& change, Id company_id, Id user_id, Role before, Role after) {
    if (before == after) return;
    change.transaction().execute(update_role, {company_id, user_id, word(after)});
    // Admins see all campaigns.
    if (after == Role::member) record_campaigns_left(change, company_id, user_id, Takes::no_part);
}

MemberAdded invite(Change& change, Id company_id, std::string email, Role role) {
    change.transaction().execute(upsert_invitation, {company_id, email_key(email), word(role), change.now()});
    return {.membership = Membership::invited, .email = std::move(email), .role = role};
}

}  // namespace

Result<MemberAdded> add_member(Change& change, const Actor& actor, Id company_id,
                               const MemberChoice& choice) {
    auto& transaction = change.transaction();
    const auto actors = find_role(transaction, company_id, actor.user_id);
    if (!actors) return not_found("Company");
    if (*actors == Role::member) return forbidden("Only owners and admins of the company may add members.");

    Result<std::string> email;
    if (!choice.user_id) {
        if (!choice.email)
            return invalid("email", "The email field is required when user id is not present.");
        email = check_email("email", *choice.email, change.policy().limits.max_email_length);
        if (!email) return tl::unexpected(email.error());
    }
    const auto user_id = find_chosen(change, actor, choice, *email);
    if (!user_id) return tl::unexpected(user_id.error());

    const auto before = *user_id == 0 ? std::nullopt : find_role(transaction, company_id, *user_id);
    const auto after = choice.role.value_or(before.value_or(Role::member));
    const auto allowed = check_role_change(transaction, company_id, *actors, before, after);
    if (!allowed) return tl::unexpected(allowed.error());
    // Nobody has shown yet that the address is theirs.
    if (*user_id == 0 && after != Role::member)
        return invalid("role", "Somebody without an account can only be invited as a member.");
    if (*user_id == 0) return invite(change, company_id, std::move(*email), after);

    if (before) {
        set_role(change, company_id, *user_id, *before, after);
    } else {
        join_company(change, company_id, *user_id, after);
    }
    return MemberAdded{.membership = before ? Membership::changed : Membership::made,
                       .member = load_member(transaction, company_id, *user_id),
                       .role = after};
}

Result<Id> remove_member(Change& change, const Actor& actor, Id company_id, Id user_id) {
    auto& transaction = change.transaction();
    const auto actors = find_role(transaction, company_id, actor.user_id);
    if (!actors) return not_found("Company");
    const auto before = find_role(transaction, company_id, user_id);
    if (!before) return not_found("Member");
    if (*actors == Role::member && user_id != actor.user_id)
        return forbidden("Only owners and admins of the company may remove members.");
    const auto allowed = check_role_change(transaction, company_id, *actors, before, std::nullopt);
    if (!allowed) return tl::unexpected(allowed.error());

    record_campaigns_left(change, company_id, user_id, Takes::part);
    if (*before != Role::member) record_campaigns_left(change, company_id, user_id, Takes::no_part);
    transaction.execute(delete_from_campaigns, {company_id, user_id});
    leave_conversations_of(change, company_id, user_id);
    transaction.execute(delete_member, {company_id, user_id});
    change.record(CompanyMemberLeft{.company_id = company_id, .user_id = user_id});
    return user_id;
}

}  // namespace parley::chat
