#include "chat/sync.hpp"

#include <array>
#include <limits>
#include <map>
#include <utility>

#include "chat/message_pages.hpp"
#include "chat/page_cursor.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view list_name = "sync";

const store::Statement select_last_change("SELECT value FROM change_sequence");

const store::Statement select_departures(
    "SELECT conversation_id FROM departures WHERE user_id = $1 AND conversation_id > $2 "
    "AND changed > $3 AND changed <= $4 ORDER BY conversation_id LIMIT $5");

// Whatever happens in a conversation raises its `changed`; what concerns one participant alone raises theirs.
const store::Statement select_active(
    "SELECT c.id, p.joined, c.message_count "
    "FROM participants p JOIN conversations c ON c.id = p.conversation_id "
    "WHERE p.user_id = $1 AND p.conversation_id > $2 AND p.joined <= $4 "
    "AND (c.changed > $3 OR p.changed > $3 OR p.joined > $3) ORDER BY p.conversation_id LIMIT $5");

const store::Statement select_joined(
    "SELECT joined FROM participants WHERE user_id = $1 AND conversation_id = $2");

const store::Statement select_messages(
    "SELECT id, changed FROM messages WHERE conversation_id = $1 AND (changed, id) > ($2, $3) AND changed <= "
    "$4 "
    "ORDER BY changed, id LIMIT $5");

const store::Statement select_read_marks(
    "SELECT up_to_id, changed, read_at FROM read_marks WHERE conversation_id = $1 "
    "AND (changed, up_to_id) > ($2, $3) AND changed <= $4 ORDER BY changed, up_to_id LIMIT $5");

const store::Statement select_notifications(
    "SELECT number, changed, id, type, data, read_at, created_at FROM notifications WHERE user_id = $1 "
    "AND (changed, number) > ($2, $3) AND changed <= $4 ORDER BY changed, number LIMIT $5");

enum class Stage : std::uint8_t {
    departures,     // beyond conversation `conversation_id`
    conversations,  // the same
    messages,       // of `conversation_id`, beyond change `changed` and message `id`
    read_marks,     // the same
    notifications   // beyond change `changed` and number `id`
};
constexpr std::size_t stage_count = 5;

/// Where a client is in a round of changes after `from`, up to `to`. Both are equal between two rounds.
struct Place {
    std::int64_t from = 0;
    std::int64_t to = 0;
    Stage stage = Stage::departures;
    Id conversation_id = 0;
    std::int64_t changed = 0;
    Id id = 0;
};

std::optional<Place> read_place(std::string_view cursor, Id user_id) {
    if (cursor.empty()) return Place{};
    const auto numbers = read_cursor_of<7>(list_name, cursor);
    if (!numbers) return std::nullopt;
    const auto& [owner, from, to, stage, conversation_id, changed, id] = *numbers;
    if (owner != user_id || stage < 0 || std::cmp_greater_equal(stage, stage_count)) return std::nullopt;
    return Place{from, to, static_cast<Stage>(stage), conversation_id, changed, id};
}

std::string write_place(const Place& place, Id user_id) {
    return write_cursor(list_name, std::array<std::int64_t, 7>{
                                       user_id, place.from, place.to, static_cast<std::int64_t>(place.stage),
                                       place.conversation_id, place.changed, place.id});
}

/// One page on its way.
class Sync {
public:
    Sync(store::Transaction& transaction, Id user_id, std::int64_t limit)
        : transaction_(transaction), user_id_(user_id), limit_(limit) {}

    [[nodiscard]] SyncPage page(Place place);

    /// Nothing, and where the present is.
    [[nodiscard]] SyncPage present() const;

private:
    [[nodiscard]] std::int64_t last_change() const {
        return transaction_.query_integer(select_last_change).value_or(0);
    }

    void take_departures();
    void take_conversations();
    void take_messages();
    void take_read_marks();
    void take_notifications();
    void enter(Stage stage, Id conversation_id, std::int64_t changed);
    void leave_conversation() { enter(Stage::conversations, place_.conversation_id, 0); }
    [[nodiscard]] std::optional<std::int64_t> when_joined();
    [[nodiscard]] bool step();
    void load();

    [[nodiscard]] std::int64_t room() const { return limit_ - static_cast<std::int64_t>(page_.items.size()); }
    [[nodiscard]] bool joined_since(std::int64_t joined) const { return joined > place_.from; }

    store::Transaction& transaction_;
    const Id user_id_;
    const std::int64_t limit_;
    Place place_;
    std::optional<std::int64_t> joined_;  // with which change the user came to the current conversation
    SyncPage page_;
};

SyncPage Sync::present() const {
    const auto last = last_change();
    return {.next_cursor = write_place({.from = last, .to = last}, user_id_)};
}

SyncPage Sync::page(Place place) {
    const auto last = last_change();
    page_.reset = place.to > last;
    place_ = page_.reset ? Place{} : place;
    const auto in_step = [&] { return place_.from == last && place_.to == last; };
    while (room() > 0 && !in_step()) {
        if (place_.from == place_.to) place_.to = last;
        while (room() > 0 && step()) {
        }
    }
    page_.has_more = !in_step();
    load();
    page_.next_cursor = write_place(place_, user_id_);
    return std::move(page_);
}

/// Takes what there is room for of the stage; false at the end of the round.
bool Sync::step() {
    switch (place_.stage) {
        case Stage::departures:
            take_departures();
            return true;
        case Stage::conversations:
            take_conversations();
            return true;
        case Stage::messages:
            take_messages();
            return true;
        case Stage::read_marks:
            take_read_marks();
            return true;
        case Stage::notifications:
            take_notifications();
            return place_.from != place_.to;
    }
    return false;
}

void Sync::enter(Stage stage, Id conversation_id, std::int64_t changed) {
    place_.stage = stage;
    place_.conversation_id = conversation_id;
    place_.changed = changed;
    place_.id = std::numeric_limits<Id>::max();  // all of the change `changed` is known
}

void Sync::take_departures() {
    if (place_.from > 0) {  // a client that has nothing has nothing to drop
        const auto room_left = room();
        const auto rows = transaction_.query(
            select_departures, {user_id_, place_.conversation_id, place_.from, place_.to, room_left});
        for (const auto row : rows) {
            place_.conversation_id = row.integer(0);
            page_.items.emplace_back(ConversationLeftItem{.conversation_id = place_.conversation_id});
        }
        if (std::cmp_equal(rows.size(), room_left)) return;
    }
    enter(Stage::conversations, 0, 0);
}

void Sync::take_conversations() {
    const auto active =
        transaction_.query(select_active, {user_id_, place_.conversation_id, place_.from, place_.to, room()});
    for (const auto row : active) {
        if (room() <= 0) return;
        const auto id = row.integer(0);
        ConversationItem item;
        item.row.conversation.id = id;
        page_.items.emplace_back(std::move(item));
        joined_ = row.integer(1);
        enter(Stage::messages, id, joined_since(*joined_) ? 0 : place_.from);
        if (row.integer(2) == 0) leave_conversation();
        while (room() > 0 && place_.stage != Stage::conversations) static_cast<void>(step());
        if (place_.stage != Stage::conversations) return;
    }
    if (room() > 0) enter(Stage::notifications, 0, place_.from);
}

/// Of the current conversation; empty when the user has left it since the page before.
std::optional<std::int64_t> Sync::when_joined() {
    if (!joined_) joined_ = transaction_.query_integer(select_joined, {user_id_, place_.conversation_id});
    return joined_;
}

void Sync::take_messages() {
    const auto joined = when_joined();
    if (!joined || *joined > place_.to) return leave_conversation();  // left meanwhile: the next round tells
    const auto room_left = room();
    const auto rows = transaction_.query(
        select_messages, {place_.conversation_id, place_.changed, place_.id, place_.to, room_left});
    for (const auto row : rows) {
        place_.id = row.integer(0);
        place_.changed = row.integer(1);
        MessageItem item;
        item.message.id = place_.id;
        page_.items.emplace_back(std::move(item));
    }
    if (std::cmp_equal(rows.size(), room_left)) return;
    // The messages of a conversation that is sent as a whole have their `read_at` already.
    if (joined_since(*joined)) return leave_conversation();
    enter(Stage::read_marks, place_.conversation_id, place_.from);
}

void Sync::take_read_marks() {
    const auto joined = when_joined();
    if (!joined || *joined > place_.to) return leave_conversation();
    const auto room_left = room();
    const auto rows = transaction_.query(
        select_read_marks, {place_.conversation_id, place_.changed, place_.id, place_.to, room_left});
    for (const auto row : rows) {
        place_.id = row.integer(0);
        place_.changed = row.integer(1);
        page_.items.emplace_back(ReadMarkItem{
            .conversation_id = place_.conversation_id, .up_to_id = place_.id, .read_at = row.integer(2)});
    }
    if (std::cmp_less(rows.size(), room_left)) leave_conversation();
}

void Sync::take_notifications() {
    const auto room_left = room();
    const auto rows =
        transaction_.query(select_notifications, {user_id_, place_.changed, place_.id, place_.to, room_left});
    for (const auto row : rows) {
        place_.id = row.integer(0);
        place_.changed = row.integer(1);
        page_.items.emplace_back(NotificationItem{.notification = {.id = std::string(row.text(2)),
                                                                   .type = std::string(row.text(3)),
                                                                   .data = std::string(row.text(4)),
                                                                   .read_at = row.optional_integer(5),
                                                                   .created_at = row.integer(6)}});
    }
    if (std::cmp_less(rows.size(), room_left)) place_ = Place{.from = place_.to, .to = place_.to};
}

/// Loads what the page names, with few statements for all of it.
void Sync::load() {
    std::map<Id, Message*> messages;
    std::vector<Id> conversation_ids;
    std::vector<Id> message_ids;
    for (auto& item : page_.items) {
        if (auto* const conversation = std::get_if<ConversationItem>(&item)) {
            conversation_ids.push_back(conversation->row.conversation.id);
        } else if (auto* const message = std::get_if<MessageItem>(&item)) {
            messages[message->message.id] = &message->message;
            message_ids.push_back(message->message.id);
        }
    }
    if (!conversation_ids.empty()) {
        std::map<Id, ConversationRow> rows;
        for (auto& row :
             load_conversation_rows(transaction_, user_id_, conversation_ids, LastMessages::leave_out)) {
            rows.emplace(row.conversation.id, std::move(row));
        }
        // Where a round ends and the next one begins, a conversation may be there twice.
        for (auto& item : page_.items) {
            if (auto* const conversation = std::get_if<ConversationItem>(&item)) {
                conversation->row = rows.at(conversation->row.conversation.id);
            }
        }
    }
    if (!messages.empty()) {
        for (auto& message : load_messages(transaction_, message_ids)) {
            const auto id = message.id;
            *messages.at(id) = std::move(message);
        }
    }
}

}  // namespace

Result<SyncPage> load_sync_page(store::Transaction& transaction, Id user_id, std::string_view cursor,
                                std::int64_t limit) {
    if (cursor == sync_from_now) return Sync(transaction, user_id, limit).present();
    const auto place = read_place(cursor, user_id);
    if (!place) return invalid("cursor", "The cursor is invalid.");
    return Sync(transaction, user_id, limit).page(*place);
}

}  // namespace parley::chat
