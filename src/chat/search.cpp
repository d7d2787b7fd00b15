#include "chat/search.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "chat/access.hpp"
#include "chat/message_pages.hpp"
#include "chat/page_cursor.hpp"

namespace parley::chat {

namespace {

// How a search goes on. The index of words knows nothing of who may see what, so what it finds is looked
// through in growing batches. For a common word and somebody who sees few messages hardly any of it fits;
// then their messages are looked through in its place. Both are bounded: a page may end before it is full,
// and its cursor goes on.
constexpr std::int64_t first_batch = 100;
constexpr std::int64_t largest_batch = 4'000;
constexpr std::int64_t matches_max = 40'000;
constexpr std::int64_t few_messages = 10'000;
constexpr std::size_t bodies_at_once = 500;
constexpr std::size_t body_bytes_max = 4'194'304;  // then the rest is another page's

/// Clocks of several nodes differ; ids and moments of messages rise together but for that.
constexpr Moment clock_difference_max_ms = 60'000;

constexpr std::string_view list_name = "search";

const store::Statement select_visible(
    "SELECT CAST(COALESCE(SUM(c.message_count), 0) AS BIGINT), COALESCE(MAX(c.last_message_id), 0) "
    "FROM participants p JOIN conversations c ON c.id = p.conversation_id WHERE p.user_id = $1 "
    "AND (CAST($2 AS BIGINT) IS NULL OR c.company_id = CAST($2 AS BIGINT)) "
    "AND (CAST($3 AS BIGINT) IS NULL OR c.id = CAST($3 AS BIGINT))");

// The few messages first: PostgreSQL would walk through all that the user sees and look for each in the list.
const store::Statement select_fitting(
    "WITH m AS MATERIALIZED (SELECT id, conversation_id, sender_id, created_at FROM messages "
    "WHERE id IN LIST($1) AND deleted_at IS NULL) "
    "SELECT m.id FROM m JOIN conversations c ON c.id = m.conversation_id "
    "WHERE EXISTS (SELECT 1 FROM participants p WHERE p.conversation_id = m.conversation_id AND p.user_id = "
    "$2) "
    "AND (CAST($3 AS BIGINT) IS NULL OR c.company_id = CAST($3 AS BIGINT)) "
    "AND (CAST($4 AS BIGINT) IS NULL OR c.id = CAST($4 AS BIGINT)) "
    "AND (CAST($5 AS BIGINT) IS NULL OR m.sender_id = CAST($5 AS BIGINT)) "
    "AND (CAST($6 AS BIGINT) IS NULL OR m.created_at < CAST($6 AS BIGINT)) "
    "AND (CAST($7 AS BIGINT) IS NULL OR m.created_at >= CAST($7 AS BIGINT)) "
    "AND (CAST($8 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM attachments a WHERE a.message_id = m.id)) "
    "ORDER BY m.id DESC");

const store::Statement select_visible_ids(
    "SELECT m.id FROM participants p "
    "JOIN conversations c ON c.id = p.conversation_id "
    "JOIN messages m ON m.conversation_id = p.conversation_id "
    "WHERE p.user_id = $1 "
    "AND (CAST($2 AS BIGINT) IS NULL OR c.company_id = CAST($2 AS BIGINT)) "
    "AND (CAST($3 AS BIGINT) IS NULL OR c.id = CAST($3 AS BIGINT)) "
    "AND m.id > $4 AND m.id < $5 ORDER BY m.id DESC");

const store::Statement select_bodies("SELECT id, body FROM messages WHERE id IN LIST($1) ORDER BY id DESC");

const store::Statement select_last_id("SELECT MAX(id) FROM messages");
const store::Statement select_created_at(
    "SELECT created_at FROM messages WHERE id <= $1 ORDER BY id DESC LIMIT 1");

/// One search on its way.
class Search {
public:
    Search(store::Transaction& transaction, Id user_id, const SearchQuery& query)
        : transaction_(transaction),
          user_id_(user_id),
          query_(query),
          terms_(store::parse_search(query.text)) {}

    [[nodiscard]] Result<SearchPage> page();

private:
    [[nodiscard]] bool bound_by_visible();
    void bound_by_moments();
    [[nodiscard]] Id first_id_since(Moment moment);
    void look_through_matches();
    void look_through_own();
    [[nodiscard]] std::vector<Id> fitting(std::span<const Id> ids);
    [[nodiscard]] std::vector<Id> with_terms(std::span<const Id> ids);
    void take(std::span<const Id> ids);
    [[nodiscard]] bool full() const { return std::cmp_greater(found_.size(), query_.limit); }
    [[nodiscard]] SearchPage finish();

    store::Transaction& transaction_;
    const Id user_id_;
    const SearchQuery& query_;
    const store::SearchTerms terms_;
    store::IdRange range_ = {.after = 0,
                             .before = std::numeric_limits<Id>::max()};  // what is still to be searched
    std::int64_t visible_count_ = 0;
    std::vector<Id> found_;       // one more than a page at most
    std::size_t body_bytes_ = 0;  // read so far
    bool all_searched_ = false;
};

Result<SearchPage> Search::page() {
    if (terms_.empty()) return invalid("q", "The q field must contain a word.");
    if (!query_.cursor.empty()) {
        const auto cursor = read_cursor_of<1>(list_name, query_.cursor);
        if (!cursor) return invalid("cursor", "The cursor is invalid.");
        range_.before = (*cursor)[0];
    }
    if (!bound_by_visible()) return SearchPage{};
    bound_by_moments();
    look_through_matches();
    return finish();
}

/// Whether there is anything to be seen.
bool Search::bound_by_visible() {
    const auto rows =
        transaction_.query(select_visible, {user_id_, query_.company_id, query_.conversation_id});
    visible_count_ = rows.front().integer(0);
    range_.before = std::min(range_.before, rows.front().integer(1) + 1);
    return visible_count_ > 0;
}

void Search::bound_by_moments() {
    if (query_.before)
        range_.before = std::min(range_.before, first_id_since(*query_.before + clock_difference_max_ms));
    if (query_.after)
        range_.after = std::max(range_.after, first_id_since(*query_.after - clock_difference_max_ms) - 1);
}

/// An id below which all messages are older than `moment`, but for the difference of clocks: by halving.
Id Search::first_id_since(Moment moment) {
    Id older = 0;  // is known to be older, as there is none
    Id newer = transaction_.query_integer(select_last_id).value_or(0) + 1;
    while (newer - older > 1) {
        const auto middle = older + (newer - older) / 2;
        const auto created_at = transaction_.query_integer(select_created_at, {middle});
        (created_at && *created_at >= moment ? newer : older) = middle;
    }
    return newer;
}

void Search::look_through_matches() {
    std::int64_t looked_through = 0;
    for (auto batch = std::max(first_batch, 2 * query_.limit); !full();
         batch = std::min(batch * 4, largest_batch)) {
        const auto matches = store::find_matches(transaction_, terms_, range_, batch);
        range_.before = matches.after + 1;
        take(fitting(matches.ids));
        looked_through += batch;
        all_searched_ = matches.after == range_.after;
        if (all_searched_ || full() || looked_through >= matches_max) return;
        if (visible_count_ <= few_messages) return look_through_own();
    }
}

void Search::look_through_own() {
    const auto rows = transaction_.query(
        select_visible_ids,
        {user_id_, query_.company_id, query_.conversation_id, range_.after, range_.before});
    std::vector<Id> ids;
    ids.reserve(rows.size());
    for (const auto row : rows) ids.push_back(row.integer(0));
    for (std::size_t at = 0; at < ids.size() && !full(); at += bodies_at_once) {
        const auto piece = std::span(ids).subspan(at, std::min(bodies_at_once, ids.size() - at));
        take(fitting(with_terms(piece)));
        range_.before = piece.back();
        if (body_bytes_ > body_bytes_max) return;
    }
    all_searched_ = true;
}

/// Those that the user may see and that are asked for, the newest first.
std::vector<Id> Search::fitting(std::span<const Id> ids) {
    std::vector<Id> fit;
    if (ids.empty()) return fit;
    const auto rows = transaction_.query(
        select_fitting, {id_list(ids), user_id_, query_.company_id, query_.conversation_id, query_.sender_id,
                         query_.before, query_.after, query_.has_attachment ? 1 : 0});
    for (const auto row : rows) fit.push_back(row.integer(0));
    return fit;
}

std::vector<Id> Search::with_terms(std::span<const Id> ids) {
    std::vector<Id> having;
    for (const auto row : transaction_.query(select_bodies, {id_list(ids)})) {
        body_bytes_ += row.text(1).size();
        if (has_all_terms(row.text(1), terms_)) having.push_back(row.integer(0));
    }
    return having;
}

void Search::take(std::span<const Id> ids) {
    for (const auto id : ids) {
        if (full()) return;
        found_.push_back(id);
    }
}

SearchPage Search::finish() {
    SearchPage page;
    const auto next = [](Id before) { return write_cursor(list_name, std::array{before}); };
    if (full()) {
        found_.pop_back();
        page.next_cursor = next(found_.back());
    } else if (!all_searched_) {
        page.next_cursor = next(range_.before);
    }
    auto messages = load_messages(transaction_, found_);
    std::ranges::reverse(messages);
    for (auto& message : messages) {
        auto snippet = make_snippet(message.body, terms_);
        page.hits.push_back({.message = std::move(message), .snippet = std::move(snippet)});
    }
    return page;
}

}  // namespace

Result<SearchPage> search_messages(store::Transaction& transaction, Id user_id, const SearchQuery& query) {
    return Search(transaction, user_id, query).page();
}

}  // namespace parley::chat
