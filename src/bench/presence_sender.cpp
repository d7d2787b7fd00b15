#include "bench/presence_sender.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace parley::bench {

PresenceSender::PresenceSender(Workplace& place)
    : place_(place), pacer_(place.loop, [this] { send_all_due(); }), visitors_(place.run.options.publishers) {
    const auto channels = place_.run.layout.channel_count();
    for (std::size_t i = 0; i < visitors_.size(); ++i) {
        const auto number = place_.worker * visitors_.size() + i;
        visitors_[i].client = std::make_unique<Client>(place_, *this, i);
        visitors_[i].channel = number % channels;
        visitors_[i].sender = static_cast<std::uint32_t>(number / channels);
    }
}

void PresenceSender::prepare() {
    for (auto& visitor : visitors_) visitor.client->connect();
}

void PresenceSender::begin() {
    begun_ = true;
    pace_ = pace_of(place_);
    pacer_.wake_at(pace_.begin);
}

Nanoseconds PresenceSender::next_due(const Visitor& visitor) const {
    return due_time(pace_, visitor.visits * visitors_.size() + visitor.client->number());
}

void PresenceSender::send_all_due() {
    if (!begun_) return;
    Nanoseconds next = place_.window.end;
    for (auto& visitor : visitors_) {
        if (visitor.inside || !visitor.client->connected()) continue;
        const auto due = next_due(visitor);
        if (due >= place_.window.end) continue;
        if (due <= now_ns()) {
            visit(visitor, due);
        } else {
            next = std::min(next, due);
        }
    }
    if (next < place_.window.end) pacer_.wake_at(next);
}

void PresenceSender::visit(Visitor& visitor, Nanoseconds due) {
    const auto& layout = place_.run.layout;
    std::string user_id;
    place_.run.markers.append(user_id, {.channel = static_cast<std::uint32_t>(visitor.channel),
                                        .sender = visitor.sender,
                                        .sequence = visitor.visits++,
                                        .due = due});
    visitor.inside = true;
    visitor.due = due;
    visitor.client->subscribe(layout.channel_name(visitor.channel),
                              fmt::format(R"({{"user_id":"{}","user_info":{{}}}})", user_id));
    ++place_.figures.sent;
    place_.run.live.expected.fetch_add(layout.listener_count(visitor.channel), std::memory_order_relaxed);
}

void PresenceSender::on_greeted(Client& client) {
    auto& visitor = visitors_[client.number()];
    if (!visitor.greeted) ++greeted_count_;
    visitor.greeted = true;
}

void PresenceSender::on_subscribed(Client& client) {
    auto& visitor = visitors_[client.number()];
    const auto now = now_ns();
    if (place_.window.measures(visitor.due)) place_.figures.publishing.record(now - visitor.due);
    if (place_.window.measures(now)) ++place_.figures.published;
    place_.run.live.published.fetch_add(1, std::memory_order_relaxed);
    client.unsubscribe(place_.run.layout.channel_name(visitor.channel));
    visitor.inside = false;
    send_all_due();
}

/// The first refusal says what is wrong with all; later it may be that a limit is reached. A server may say
/// it twice, to the connection and to the subscription.
void PresenceSender::on_refused(Client& client, std::string_view sentence) {
    auto& visitor = visitors_[client.number()];
    place_.note_refusal(sentence);
    if (visitor.visits <= 1) return place_.run.failure.set(fmt::format("joining was refused: {}", sentence));
    if (!std::exchange(visitor.inside, false)) return;
    ++visitor.refused;
    place_.run.live.expected.fetch_sub(place_.run.layout.listener_count(visitor.channel),
                                       std::memory_order_relaxed);
    send_all_due();
}

void PresenceSender::on_closed(Client& client, std::string_view sentence) {
    if (!visitors_[client.number()].greeted)
        return place_.run.failure.set(fmt::format("a member could not connect: {}", sentence));
    ++place_.figures.closed;
    if (place_.figures.first_refusal.empty()) place_.figures.first_refusal = sentence;
}

bool PresenceSender::finished() const {
    return std::all_of(visitors_.begin(), visitors_.end(), [this](const Visitor& visitor) {
        return !visitor.inside && next_due(visitor) >= place_.window.end;
    });
}

void PresenceSender::give_up() {
    for (const auto& visitor : visitors_) {
        if (visitor.inside) ++place_.figures.unanswered;
        const auto number = visitor.client->number();
        for (std::uint64_t visit = visitor.visits;
             due_time(pace_, visit * visitors_.size() + number) < place_.window.end; ++visit)
            ++place_.figures.not_sent;
    }
}

std::uint64_t PresenceSender::accepted(std::size_t channel, std::size_t sender) const {
    const auto visitor = std::find_if(visitors_.begin(), visitors_.end(), [&](const Visitor& candidate) {
        return candidate.channel == channel && candidate.sender == sender;
    });
    return visitor == visitors_.end() ? 0 : visitor->visits - visitor->refused;
}

}  // namespace parley::bench
