#include "archive.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "base/clock.hpp"

namespace parley::load {

namespace {

constexpr std::size_t rows_at_once = 20;
constexpr std::size_t columns = 7;
constexpr std::size_t messages_per_transaction = 5'000;
constexpr std::int64_t year_ms = 365LL * 24 * 3600 * 1000;
constexpr std::size_t group_size = 10;
constexpr std::size_t unread_max = 20;

std::string insert_text() {
    std::string text =
        "INSERT INTO messages (conversation_id, position, sender_id, body, temp_id, created_at, changed, "
        "updated_at) VALUES ";
    for (std::size_t row = 0; row < rows_at_once; ++row) {
        const auto first = row * columns;
        text += fmt::format("{}(${}, ${}, ${}, ${}, ${}, ${}, ${}, ${})", row == 0 ? "" : ", ", first + 1,
                            first + 2, first + 3, first + 4, first + 5, first + 6, first + 7, first + 6);
    }
    return text + " RETURNING id";
}

const store::Statement insert_messages(insert_text());
const store::Statement update_conversation(
    "UPDATE conversations SET message_count = $2, last_message_id = $3, updated_at = $4, changed = $5 "
    "WHERE id = $1");
const store::Statement update_participants(
    "UPDATE participants SET last_read_id = $2, last_read_position = $3, changed = $4 "
    "WHERE conversation_id = $1");
const store::Statement update_reader(
    "UPDATE participants SET last_read_id = $2, last_read_position = $3 "
    "WHERE conversation_id = $1 AND user_id = $4");
const store::Statement insert_read_mark(
    "INSERT INTO read_marks (conversation_id, up_to_id, read_at, changed) VALUES ($1, $2, $3, $4)");
const store::Statement select_last_change("SELECT value FROM change_sequence");

template <class Work>
void write(store::Store& store, Work work) {
    const auto outcome = store.write_and_wait([&work](store::Transaction& transaction) {
        work(transaction);
        return store::Nothing{};
    });
    if (!outcome) throw std::runtime_error("the archive could not be written");
}

/// One message on its way into the database.
struct Row {
    std::size_t conversation = 0;
    std::int64_t position = 0;
    chat::Id sender_id = 0;
    std::string body = {};
    std::string temp_id = {};
    std::int64_t created_at = 0;
    std::int64_t changed = 0;
};

class Writer {
public:
    Writer(Archive& archive, Vocabulary& vocabulary, std::size_t message_count)
        : archive_(archive),
          vocabulary_(vocabulary),
          message_count_(message_count),
          begin_ms_(SystemClock().unix_ms() - year_ms) {
        double total = 0;
        for (std::size_t i = 0; i < archive.conversations.size(); ++i) {
            total += 1.0 / static_cast<double>(i + 20);  // the first gets some forty times what the last gets
            shares_.push_back(total);
        }
    }

    void write_messages(store::Transaction& transaction, std::size_t first, std::size_t count) {
        for (std::size_t done = 0; done < count; done += rows_at_once) write_rows(transaction, first + done);
    }

    /// What is known of a conversation beside its messages.
    void finish(store::Transaction& transaction, std::size_t number) const {
        const auto& conversation = archive_.conversations[number];
        const auto& ids = conversation.message_ids;
        if (ids.empty()) return;
        const auto unread = number % 10 == 0 ? std::min(unread_max, ids.size() - 1) : 0;
        const auto read_count = ids.size() - unread;
        const auto changed = conversation.changed;
        transaction.execute(update_conversation,
                            {conversation.id, ids.size(), ids.back(), conversation.updated_at, changed});
        transaction.execute(update_participants, {conversation.id, ids.back(), ids.size(), changed});
        transaction.execute(update_reader,
                            {conversation.id, ids[read_count - 1], read_count, archive_.reader.user_id});
        transaction.execute(insert_read_mark,
                            {conversation.id, ids[read_count - 1], conversation.updated_at, changed});
    }

private:
    Row make_row(store::Transaction& transaction, std::size_t number) {
        const auto place = static_cast<double>(vocabulary_.number(1U << 30U)) / (1U << 30U) * shares_.back();
        const auto found = std::upper_bound(shares_.begin(), shares_.end(), place);
        const auto chosen = std::min(static_cast<std::size_t>(found - shares_.begin()), shares_.size() - 1);
        auto& conversation = archive_.conversations[chosen];
        const auto& people = conversation.participant_ids;
        Row row{.conversation = chosen,
                .position = static_cast<std::int64_t>(conversation.message_ids.size()) + 1,
                .sender_id = people[vocabulary_.number(people.size())],
                .body = vocabulary_.sentence(),
                .temp_id = fmt::format("archive-{}", number),
                .created_at = begin_ms_ + static_cast<std::int64_t>(number) *
                                              (year_ms / static_cast<std::int64_t>(message_count_)),
                .changed = transaction.next_change()};
        conversation.message_ids.push_back(0);  // until the database has given it one
        conversation.changed = row.changed;
        conversation.updated_at = row.created_at;
        return row;
    }

    void write_rows(store::Transaction& transaction, std::size_t first) {
        std::vector<Row> rows;
        for (std::size_t i = 0; i < rows_at_once; ++i) rows.push_back(make_row(transaction, first + i));
        std::vector<store::Parameter> parameters;
        for (const auto& row : rows) {
            parameters.insert(parameters.end(),
                              {archive_.conversations[row.conversation].id, row.position, row.sender_id,
                               row.body, row.temp_id, row.created_at, row.changed});
        }
        const auto ids = transaction.query(insert_messages, parameters);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto id = ids[i].integer(0);
            auto& known = archive_.conversations[rows[i].conversation].message_ids;
            known[static_cast<std::size_t>(rows[i].position) - 1] = id;
            transaction.index_message(id, {}, rows[i].body);
        }
    }

    Archive& archive_;
    Vocabulary& vocabulary_;
    std::size_t message_count_;
    std::int64_t begin_ms_;
    std::vector<double> shares_;
};

void make_conversations(Setup& setup, Archive& archive, std::size_t count) {
    const auto people = setup.add_people(count);
    for (std::size_t i = 0; i < count; ++i) {
        ArchivedConversation conversation;
        std::vector<Person> participants = {archive.reader};
        const std::size_t others = i % 10 == 9 ? group_size - 1 : 1;
        for (std::size_t k = 0; k < others; ++k) participants.push_back(people[(i + k) % count]);
        conversation.id =
            others == 1 ? setup.open_direct(archive.reader, people[i]) : setup.open_group(participants);
        for (const auto& person : participants) conversation.participant_ids.push_back(person.user_id);
        archive.conversations.push_back(std::move(conversation));
    }
}

}  // namespace

Archive make_archive(Setup& setup, store::Store& store, Vocabulary& vocabulary,
                     std::size_t conversation_count, std::size_t message_count) {
    Archive archive;
    archive.reader = setup.add_people(1).front();
    make_conversations(setup, archive, conversation_count);
    archive.newcomer = setup.add_people(1).front();
    archive.conversations.push_back({.id = setup.open_direct(archive.reader, archive.newcomer),
                                     .participant_ids = {archive.reader.user_id, archive.newcomer.user_id}});

    message_count -= message_count % rows_at_once;
    Writer writer(archive, vocabulary, message_count);
    for (std::size_t done = 0; done < message_count; done += messages_per_transaction) {
        write(store, [&](store::Transaction& transaction) {
            writer.write_messages(transaction, done,
                                  std::min(messages_per_transaction, message_count - done));
        });
    }
    write(store, [&](store::Transaction& transaction) {
        for (std::size_t i = 0; i < archive.conversations.size(); ++i) writer.finish(transaction, i);
    });
    const auto last = store.read_and_wait(
        [](store::Transaction& transaction) { return transaction.query_integer(select_last_change); });
    if (!last || !*last) throw std::runtime_error("the archive's last change is unknown");
    archive.last_change = **last;
    return archive;
}

}  // namespace parley::load
