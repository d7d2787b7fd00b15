#include "traffic.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace parley::load {

namespace {

constexpr Nanoseconds warm_up = second;
constexpr Nanoseconds settle_patience = 10 * second;

/// Which message an event of contract `user` is about.
struct Origin {
    std::size_t sender = 0;
    std::size_t number = 0;
};

std::optional<Origin> origin_of(std::string_view text) {
    constexpr std::string_view before = R"(\"tempId\":\")";
    const auto place = text.rfind(before);
    if (place == std::string_view::npos) return std::nullopt;
    const char* const end = text.data() + text.size();
    Origin origin;
    const auto sender = std::from_chars(text.data() + place + before.size(), end, origin.sender);
    if (sender.ec != std::errc() || sender.ptr == end || *sender.ptr != '-') return std::nullopt;
    if (std::from_chars(sender.ptr + 1, end, origin.number).ec != std::errc()) return std::nullopt;
    return origin;
}

}  // namespace

Traffic::Traffic(Site& site, std::vector<Speaker> speakers, std::size_t listener_count)
    : site_(site), seen_(listener_count, std::vector<std::vector<bool>>(speakers.size())) {
    for (auto& speaker : speakers) {
        senders_.push_back({.speaker = std::move(speaker),
                            .client = std::make_unique<HttpClient>(site_.poller(), site_.endpoint())});
    }
}

TrafficResult Traffic::run(const Pace& pace) {
    result_ = {};
    closed_loop_ = pace.rate <= 0;
    const auto begin = now();
    next_due_ = begin;
    window_begin_ = begin + warm_up;
    window_end_ = window_begin_ + pace.duration;
    if (closed_loop_)
        for (std::size_t i = 0; i < senders_.size(); ++i) send(i, now());

    std::optional<Usage> server_before;
    std::optional<Usage> own_before;
    for (auto time = begin; time < window_end_; time = now()) {
        if (time >= window_begin_ && !own_before) {
            server_before = site_.server_usage();
            own_before = usage_of(getpid());
        }
        if (!closed_loop_) send_what_is_due(pace, time);
        if (pace.beside) pace.beside(time >= window_begin_);
        const auto until = std::min(window_end_, closed_loop_ ? window_end_ : next_due_);
        site_.poller().turn(std::clamp<Nanoseconds>(until - now(), 0, 10 * millisecond));
    }
    if (own_before) result_.own_cpu = usage_of(getpid()).cpu - own_before->cpu;
    if (const auto after = site_.server_usage(); after && server_before) {
        result_.server = Usage{.cpu = after->cpu - server_before->cpu, .resident_kib = after->resident_kib};
    }
    result_.notifications_behind = notifications_behind();
    settle();
    result_.messages_per_second = static_cast<double>(result_.measured_count) /
                                  (static_cast<double>(pace.duration) / static_cast<double>(second));
    return std::move(result_);
}

void Traffic::send_what_is_due(const Pace& pace, Nanoseconds time) {
    const auto interval = static_cast<Nanoseconds>(static_cast<double>(second) / pace.rate);
    for (; next_due_ <= time; next_due_ += interval) {
        const auto number = turn_++ % senders_.size();
        if (senders_[number].client->busy()) {
            senders_[number].due.push_back(next_due_);
        } else {
            send(number, next_due_);
        }
    }
}

void Traffic::send(std::size_t sender, Nanoseconds due) {
    auto& from = senders_[sender];
    const auto number = from.messages.size();
    from.messages.push_back({.due = due});
    expected_deliveries_ += from.speaker.listener_count;
    from.client->send(
        {.method = "POST",
         .target = fmt::format("/api/chat/conversations/{}/messages", from.speaker.conversation_id),
         .token = from.speaker.person.token,
         .body = fmt::format(
             R"({{"body":"Good morning! Shall we meet at ten in the small room?","temp_id":"{}-{}"}})",
             sender, number),
         .socket_id = from.speaker.socket_id},
        [this, sender, number](const Answer& answer) { on_answer(sender, number, answer); });
}

void Traffic::on_answer(std::size_t sender, std::size_t number, const Answer& answer) {
    auto& from = senders_[sender];
    auto& message = from.messages[number];
    const auto time = now();
    if (answer.status == 201) {
        message.stored = true;
        ++result_.message_count;
        ++stored_count_;
        if (time >= window_begin_ && time < window_end_) ++result_.measured_count;
        if (is_measured(message.due)) result_.answers.add(time - message.due);
    } else {
        if (result_.refused_count++ == 0) fmt::print(stderr, "{} {}\n", answer.status, answer.body);
        expected_deliveries_ -= from.speaker.listener_count;
    }
    if (closed_loop_) {
        if (time < window_end_) send(sender, time);
    } else if (!from.due.empty()) {
        const auto due = from.due.front();
        from.due.pop_front();
        send(sender, due);
    }
}

void Traffic::on_event(std::size_t listener, std::string_view text) {
    if (text.starts_with(R"({"event":"NotificationCreated")")) ++notification_count_;
    const auto origin = origin_of(text);
    if (!origin || origin->sender >= senders_.size()) return;
    auto& messages = senders_[origin->sender].messages;
    if (origin->number >= messages.size()) return;
    auto& seen = seen_[listener][origin->sender];
    if (seen.size() < messages.size()) seen.resize(messages.size());
    if (seen[origin->number]) {
        ++result_.repeated_count;
        return;
    }
    seen[origin->number] = true;
    auto& message = messages[origin->number];
    ++message.delivery_count;
    ++arrived_deliveries_;
    if (is_measured(message.due)) result_.deliveries.add(now() - message.due);
}

bool Traffic::all_arrived() const {
    return arrived_deliveries_ == expected_deliveries_ &&
           std::none_of(senders_.begin(), senders_.end(),
                        [](const Sender& sender) { return sender.client->busy() || !sender.due.empty(); });
}

/// Waits for what is on its way, and a moment longer for what comes twice.
void Traffic::settle() {
    for (const auto deadline = now() + settle_patience; !all_arrived() && now() < deadline;)
        site_.poller().turn(10 * millisecond);
    for (const auto deadline = now() + 200 * millisecond; now() < deadline;)
        site_.poller().turn(10 * millisecond);
    settle_notifications();
    for (auto& sender : senders_) {
        for (auto& message : sender.messages) {
            if (message.stored && message.delivery_count < sender.speaker.listener_count)
                result_.missing_count += sender.speaker.listener_count - message.delivery_count;
        }
    }
}

/// Waits for as long as they come.
void Traffic::settle_notifications() {
    std::size_t before = 0;
    while (notifications_behind() > 0 && notification_count_ > before) {
        before = notification_count_;
        for (const auto deadline = now() + second; now() < deadline;) site_.poller().turn(10 * millisecond);
    }
    result_.notifications_missing = notifications_behind();
}

std::int64_t Traffic::notifications_behind() const {
    return static_cast<std::int64_t>(stored_count_) - static_cast<std::int64_t>(notification_count_);
}

}  // namespace parley::load
