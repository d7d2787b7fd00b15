#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http_client.hpp"
#include "latencies.hpp"
#include "server_process.hpp"
#include "setup.hpp"
#include "site.hpp"

namespace parley::load {

/// Somebody who sends.
struct Speaker {
    Person person = {};
    chat::Id conversation_id = 0;
    std::size_t listener_count = 0;  // who shall get each message
    std::string socket_id = {};      // their own, which is left out; empty: none
};

struct Pace {
    Nanoseconds duration = 10 * second;  // after a second to warm up
    double rate = 0;  // messages a second in all; 0: each sends when the one before is answered

    /// What else happens meanwhile: called at least every 10 ms, with whether this is measured. May be empty.
    std::function<void(bool is_measured)> beside = {};
};

/// What came of some traffic. Rates and latencies are of the measured time alone; whether everything arrived
/// is of the warming up too.
struct TrafficResult {
    std::size_t message_count = 0;   // stored, in all
    double messages_per_second = 0;  // stored, in the measured time
    std::size_t refused_count = 0;   // answers that were not 201
    std::size_t missing_count = 0;   // deliveries that never came
    std::size_t repeated_count = 0;  // deliveries that came again

    // Jobs of the server, which may fall behind: of all that was sent until now, how many messages had no
    // notification yet when the measured time was over, and a while later.
    std::int64_t notifications_behind = 0;
    std::int64_t notifications_missing = 0;

    std::size_t measured_count = 0;
    std::optional<Usage> server = {};  // in the measured time; empty: not known
    Nanoseconds own_cpu = 0;
    Latencies answers = {};     // from when a message was due until 201
    Latencies deliveries = {};  // and until a subscriber had it
};

/// Messages sent over HTTP and awaited at the subscribers. With a rate a message is due when its time has
/// come, also when its sender still waits for an answer: what the server delays is counted.
class Traffic {
public:
    Traffic(Site& site, std::vector<Speaker> speakers, std::size_t listener_count);

    /// An event that a listener has got.
    void on_event(std::size_t listener, std::string_view text);

    [[nodiscard]] TrafficResult run(const Pace& pace);

private:
    struct Message {
        Nanoseconds due = 0;
        bool stored = false;
        std::size_t delivery_count = 0;
    };
    struct Sender {
        Speaker speaker;
        std::unique_ptr<HttpClient> client;
        std::vector<Message> messages = {};
        std::deque<Nanoseconds> due = {};  // what waits for the client
    };

    void send(std::size_t sender, Nanoseconds due);
    void on_answer(std::size_t sender, std::size_t number, const Answer& answer);
    void send_what_is_due(const Pace& pace, Nanoseconds time);
    void settle();
    void settle_notifications();
    [[nodiscard]] std::int64_t notifications_behind() const;
    [[nodiscard]] bool is_measured(Nanoseconds due) const {
        return due >= window_begin_ && due < window_end_;
    }
    [[nodiscard]] bool all_arrived() const;

    Site& site_;
    std::vector<Sender> senders_;
    std::vector<std::vector<std::vector<bool>>> seen_;  // by listener, sender and number
    Nanoseconds window_begin_ = 0;
    Nanoseconds window_end_ = 0;
    Nanoseconds next_due_ = 0;
    std::size_t turn_ = 0;
    std::size_t expected_deliveries_ = 0;
    std::size_t arrived_deliveries_ = 0;
    std::size_t stored_count_ = 0;
    std::size_t notification_count_ = 0;
    bool closed_loop_ = false;
    TrafficResult result_;
};

}  // namespace parley::load
