#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/current.hpp"
#include "chat/contracts/contracts.hpp"
#include "chat/events.hpp"
#include "chat/realtime/access_ender.hpp"
#include "chat/realtime/broadcast_queue.hpp"
#include "chat/realtime/event_sink.hpp"
#include "chat/realtime/socket_registry.hpp"
#include "chat/realtime/tick_off.hpp"
#include "hub/publisher.hpp"
#include "store/store.hpp"

namespace parley::chat {

/// Publishes what the chat has committed, on a thread of its own: in the order of the commits, as each
/// contract wants it, at least once. A stored event is taken out of the outbox only after the hub has it;
/// while the hub is overloaded, the broadcaster waits. What stands in the outbox without anybody's being
/// about to send it, from before a crash, is sent too.
class Broadcaster {
public:
    struct Options {
        std::vector<Contract> contracts = all_contracts();
        std::string event_namespace = {};         // of the contract `platform`: `App\Events`
        std::size_t waiting_max = 10'000;         // events; what has no room is read from the outbox later
        std::uint64_t tick_off_delay_ms = 100;    // how long sent events wait to be ticked off together
        std::uint64_t stray_interval_ms = 1'000;  // between looks for events that nobody sends
        std::uint64_t stop_patience_ms = 2'000;   // for a hub or a database that takes nothing while it stops
    };

    /// Starts the thread. The others must outlive it.
    Broadcaster(store::Store& store, hub::Publisher& publisher, const hub::App& app, SocketRegistry& sockets,
                Options options);

    /// Stops.
    ~Broadcaster();
    Broadcaster(const Broadcaster&) = delete;
    Broadcaster& operator=(const Broadcaster&) = delete;

    /// Publishes with the contracts and the namespace of `options` from now on; the rest stays as it was. Any
    /// thread.
    void reconfigure(Options options) { options_.set(std::move(options)); }

    /// Takes what was committed, in the order of the commits. Any thread; does not wait.
    void deliver(std::vector<Broadcast> broadcasts) { queue_.push(std::move(broadcasts)); }

    /// Has somebody's coming or going told. Any thread, under the hub's locks too; does not wait.
    void announce(PresenceChange change) { queue_.push(std::move(change)); }

    /// After `delay_ms` sends what stood in the outbox when the broadcaster was made. Once.
    void replay_after(std::uint64_t delay_ms);

    /// Publishes what it was given, ticks it off and ends the thread. What comes later, and what the hub does
    /// not take in time, stays in the outbox.
    void stop();

private:
    using ConnectedUsers = std::unordered_map<Id, std::vector<Id>>;  // by general conversation

    /// The rows of the outbox that are being sent from there.
    enum class Progress : std::uint8_t { done, more, failed };

    void run();
    [[nodiscard]] bool send_items(const std::vector<BroadcastQueue::Item>& items);
    [[nodiscard]] bool send_broadcast(const Broadcast& broadcast, const ConnectedUsers& connected);
    [[nodiscard]] bool publish(EventSink& sink, bool stored);
    [[nodiscard]] std::optional<ConnectedUsers> find_connected(
        const std::vector<BroadcastQueue::Item>& items);
    [[nodiscard]] bool end_access(const Event& event);
    [[nodiscard]] Progress send_rows(OutboxRange& range);
    void catch_up(OutboxRange missed);
    void look_for_strays(DeliveryTime now);
    [[nodiscard]] std::optional<std::int64_t> last_row();

    [[nodiscard]] DeliveryTime strays_due() const;
    void look_for_strays_at(DeliveryTime when);

    /// Waits for `delay`, which is doubled up to `delay_max`. False when it stops and no patience is left.
    [[nodiscard]] bool pause(std::chrono::milliseconds& delay, std::chrono::milliseconds delay_max);

    store::Store& store_;
    hub::Publisher& publisher_;
    const hub::App& app_;
    SocketRegistry& sockets_;
    Current<Options> options_;
    AccessEnder ender_;
    BroadcastQueue queue_;
    TickOff tick_off_;

    // The thread's.
    OutboxRange strays_ = {};  // not of ours, or from before we were made
    DeliveryTime strays_due_ = DeliveryTime::max();
    bool first_look_ = true;
    std::optional<DeliveryTime> give_up_at_ = {};  // once it stops

    std::atomic<DeliveryTime> replay_at_{DeliveryTime::max()};
    std::thread thread_;
};

}  // namespace parley::chat
