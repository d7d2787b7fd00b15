#include "chat/realtime/broadcaster.hpp"

#include <pthread.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "base/log.hpp"
#include "chat/event_parts.hpp"
#include "chat/message_pages.hpp"
#include "pusher/socket_id.hpp"

namespace parley::chat {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t batch_max = 256;      // events between two looks at what is due
constexpr std::int64_t page_rows = 500;     // of the outbox
constexpr milliseconds hub_retry_first{1};  // when the hub is overloaded
constexpr milliseconds hub_retry_last{50};
constexpr milliseconds database_retry_first{10};  // when the database does not answer
constexpr milliseconds database_retry_last{1'000};

const store::Statement select_participants_among(
    "SELECT conversation_id, user_id FROM participants "
    "WHERE conversation_id IN LIST($1) AND user_id IN LIST($2) ORDER BY conversation_id, user_id");

/// The general conversations whose participants somebody has to look up to send `items`.
std::vector<Id> general_conversations(const std::vector<BroadcastQueue::Item>& items) {
    std::vector<Id> ids;
    for (const auto& item : items) {
        const auto* broadcast = std::get_if<Broadcast>(&item);
        if (broadcast == nullptr || !concerns_all_participants(broadcast->event)) continue;
        const auto& audience = *audience_of(broadcast->event);
        if (audience.type == ConversationType::general &&
            std::find(ids.begin(), ids.end(), audience.conversation_id) == ids.end())
            ids.push_back(audience.conversation_id);
    }
    return ids;
}

/// The socket that is left out. What no socket id of ours looks like is nobody's.
std::optional<pusher::SocketId> socket_in(std::string_view text) {
    const auto socket = pusher::parse_socket_id(text);
    return socket ? std::optional(*socket) : std::nullopt;
}

bool sends(const Broadcaster::Options& options, Contract contract) {
    return std::find(options.contracts.begin(), options.contracts.end(), contract) != options.contracts.end();
}

}  // namespace

Broadcaster::Broadcaster(store::Store& store, hub::Publisher& publisher, const hub::App& app,
                         SocketRegistry& sockets, Options options)
    : store_(store),
      publisher_(publisher),
      app_(app),
      sockets_(sockets),
      options_(std::move(options)),
      ender_(store, sockets),
      queue_(options_.get().waiting_max),
      tick_off_(store, options_.get().tick_off_delay_ms, [this] { queue_.wake(); }) {
    // Nobody has given us anything yet: what is there is not ours to be sent anyway.
    strays_.up_to_id = last_row().value_or(0);
    thread_ = std::thread([this] {
        pthread_setname_np(pthread_self(), "broadcaster");
        run();
    });
}

Broadcaster::~Broadcaster() { stop(); }

void Broadcaster::replay_after(std::uint64_t delay_ms) {
    replay_at_ = steady_clock::now() + milliseconds(delay_ms);
    queue_.wake();
}

void Broadcaster::stop() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
}

void Broadcaster::run() {
    while (true) {
        const auto taken = queue_.take(batch_max, std::min(tick_off_.due(), strays_due()));
        if (!send_items(taken.items)) {
            log::warning("broadcaster_stopped_early", {{"waiting", taken.items.size()}});
            break;
        }
        if (taken.closed) break;
        if (taken.missed) catch_up(*taken.missed);
        const auto now = steady_clock::now();
        tick_off_.run(now);
        look_for_strays(now);
    }
    tick_off_.finish();
}

/// False: it stops, and the hub or the database takes nothing.
bool Broadcaster::send_items(const std::vector<BroadcastQueue::Item>& items) {
    const auto connected = find_connected(items);
    if (!connected) return false;
    for (const auto& item : items) {
        if (const auto* broadcast = std::get_if<Broadcast>(&item)) {
            if (!send_broadcast(*broadcast, *connected)) return false;
            continue;
        }
        const auto& options = options_.get();
        if (!sends(options, Contract::platform)) continue;
        EventSink sink(publisher_, app_, std::nullopt);
        send_presence(std::get<PresenceChange>(item), Context(options.event_namespace), sink);
        if (!publish(sink, false)) return false;
    }
    return true;
}

bool Broadcaster::send_broadcast(const Broadcast& broadcast, const ConnectedUsers& connected) {
    std::span<const Id> connected_ids;
    if (const auto* audience = audience_of(broadcast.event)) {
        const auto found = connected.find(audience->conversation_id);
        if (found != connected.end()) connected_ids = found->second;
    }
    const auto& options = options_.get();
    Context context(options.event_namespace, connected_ids);
    EventSink sink(publisher_, app_, socket_in(broadcast.except_socket));
    send_all(options.contracts, broadcast.event, context, sink);
    if (!publish(sink, broadcast.outbox_id != 0) || !end_access(broadcast.event)) return false;
    if (broadcast.outbox_id != 0) tick_off_.add(broadcast.outbox_id, steady_clock::now());
    return true;
}

/// What is not stored is of the moment, and the moment is over when the hub has no room for it.
bool Broadcaster::publish(EventSink& sink, bool stored) {
    auto delay = hub_retry_first;
    while (!sink.publish_collected()) {
        if (!stored) return true;
        if (!pause(delay, hub_retry_last)) return false;
    }
    return true;
}

bool Broadcaster::end_access(const Event& event) {
    if (!AccessEnder::concerns(event)) return true;
    auto delay = database_retry_first;
    while (!ender_.end(event)) {
        if (!pause(delay, database_retry_last)) return false;
    }
    return true;
}

std::optional<Broadcaster::ConnectedUsers> Broadcaster::find_connected(
    const std::vector<BroadcastQueue::Item>& items) {
    const auto conversation_ids = general_conversations(items);
    if (conversation_ids.empty()) return ConnectedUsers();
    const auto user_ids = sockets_.connected_users();
    if (user_ids.empty()) return ConnectedUsers();
    auto delay = database_retry_first;
    while (true) {
        auto connected = store_.read_and_wait([&](store::Transaction& transaction) {
            ConnectedUsers users;
            for (const auto row :
                 transaction.query(select_participants_among, {id_list(conversation_ids), id_list(user_ids)}))
                users[row.integer(0)].push_back(row.integer(1));
            return users;
        });
        if (connected) return std::move(*connected);
        if (!pause(delay, database_retry_last)) return std::nullopt;
    }
}

/// Sends one page of `range` and moves its beginning behind it.
Broadcaster::Progress Broadcaster::send_rows(OutboxRange& range) {
    auto page = store_.read_and_wait(
        [range](store::Transaction& transaction) { return load_broadcasts(transaction, range, page_rows); });
    if (!page) return Progress::failed;
    std::vector<BroadcastQueue::Item> items(std::move_iterator(page->broadcasts.begin()),
                                            std::move_iterator(page->broadcasts.end()));
    if (!send_items(items)) return Progress::failed;
    for (const auto id : page->dropped_ids) tick_off_.add(id, steady_clock::now());
    range.after_id = page->last_id;
    return page->more && range.after_id < range.up_to_id ? Progress::more : Progress::done;
}

/// Sends what the queue had no room for. Its rows are ticked off between the pages.
void Broadcaster::catch_up(OutboxRange missed) {
    auto delay = database_retry_first;
    while (true) {
        const auto progress = send_rows(missed);
        tick_off_.run(steady_clock::now());
        if (progress == Progress::done) return queue_.caught_up(missed.up_to_id);
        if (progress == Progress::failed && !pause(delay, database_retry_last)) return;
        if (queue_.closed()) return;  // the next start finds them in the outbox
    }
}

DeliveryTime Broadcaster::strays_due() const { return first_look_ ? replay_at_.load() : strays_due_; }

void Broadcaster::look_for_strays_at(DeliveryTime when) {
    if (first_look_) {
        replay_at_ = when;
    } else {
        strays_due_ = when;
    }
}

void Broadcaster::look_for_strays(DeliveryTime now) {
    if (now < strays_due()) return;
    const bool begins = strays_.after_id == 0;
    // Strays of later looks are rows that nobody sends: they are told apart when all of ours are out.
    if (!first_look_ && begins && std::min(tick_off_.lowest(), queue_.lowest()) <= strays_.up_to_id)
        return look_for_strays_at(now + milliseconds(options_.get().tick_off_delay_ms));
    switch (send_rows(strays_)) {
        case Progress::failed:
            return look_for_strays_at(now + database_retry_last);
        case Progress::more:
            return;
        case Progress::done:
            first_look_ = false;
            strays_ = {.after_id = 0, .up_to_id = last_row().value_or(0)};
            return look_for_strays_at(now + milliseconds(options_.get().stray_interval_ms));
    }
}

std::optional<std::int64_t> Broadcaster::last_row() {
    const auto last =
        store_.read_and_wait([](store::Transaction& transaction) { return last_in_outbox(transaction); });
    return last ? std::optional(*last) : std::nullopt;
}

bool Broadcaster::pause(milliseconds& delay, milliseconds delay_max) {
    if (queue_.wait_closed(steady_clock::now() + delay)) {
        const auto now = steady_clock::now();
        if (!give_up_at_) give_up_at_ = now + milliseconds(options_.get().stop_patience_ms);
        if (now >= *give_up_at_) return false;
        std::this_thread::sleep_until(std::min(now + delay, *give_up_at_));
    }
    delay = std::min(delay * 2, delay_max);
    return true;
}

}  // namespace parley::chat
