#include "bench/connect_sender.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace parley::bench {

ConnectSender::ConnectSender(Workplace& place)
    : place_(place), pacer_(place.loop, [this] { open_all_due(); }), seats_(place.run.options.connecting) {
    for (std::size_t i = 0; i < seats_.size(); ++i)
        seats_[i].client = std::make_unique<Client>(place_, *this, i);
}

void ConnectSender::begin() {
    pace_ = pace_of(place_);
    open_all_due();
}

Nanoseconds ConnectSender::next_due(const Seat& seat) const {
    return paced() ? due_time(pace_, seat.begun * seats_.size() + seat.client->number()) : now_ns();
}

void ConnectSender::open_all_due() {
    Nanoseconds next = place_.window.end;
    for (auto& seat : seats_) {
        if (seat.taken) continue;
        const auto due = next_due(seat);
        if (due >= place_.window.end) continue;
        if (due <= now_ns()) {
            open(seat, due);
        } else {
            next = std::min(next, due);
        }
    }
    if (next < place_.window.end) pacer_.wake_at(next);
}

void ConnectSender::open(Seat& seat, Nanoseconds due) {
    ++seat.begun;
    ++place_.figures.sent;
    seat.due = due;
    seat.taken = true;
    seat.subscribed = false;
    seat.client->connect();
}

void ConnectSender::on_greeted(Client& client) {
    const auto& layout = place_.run.layout;
    auto& seat = seats_[client.number()];
    if (layout.channel_count() == 0) return note_success(seat);
    const auto channel = (seat.begun + client.number()) % layout.channel_count();
    const bool presence = place_.run.options.channel_type == ChannelType::presence_channel;
    client.subscribe(
        layout.channel_name(channel),
        presence ? fmt::format(R"({{"user_id":"bench-{}-{}"}})", place_.worker, client.number()) : "");
}

void ConnectSender::on_subscribed(Client& client) { note_success(seats_[client.number()]); }

void ConnectSender::note_success(Seat& seat) {
    const auto now = now_ns();
    seat.subscribed = true;
    ++succeeded_;
    if (place_.window.measures(seat.due)) place_.figures.connecting.record(now - seat.due);
    if (place_.window.measures(now)) ++place_.figures.connected;
    place_.run.live.connected.fetch_add(1, std::memory_order_relaxed);
    seat.client->close();
}

/// The first one says what is wrong with all; later a server may be full.
void ConnectSender::on_refused(Client& client, std::string_view sentence) {
    if (succeeded_ == 0) return place_.run.failure.set(fmt::format("a connection was refused: {}", sentence));
    place_.note_refusal(sentence);
    client.close();
}

void ConnectSender::on_closed(Client& client, std::string_view sentence) {
    auto& seat = seats_[client.number()];
    seat.taken = false;
    if (!seat.subscribed) {
        if (succeeded_ == 0)
            return place_.run.failure.set(fmt::format("a connection could not be opened: {}", sentence));
        place_.note_refusal(sentence);
    }
    open_all_due();
}

bool ConnectSender::finished() const {
    return now_ns() >= place_.window.end &&
           std::none_of(seats_.begin(), seats_.end(), [](const Seat& seat) { return seat.taken; });
}

void ConnectSender::give_up() {
    for (const auto& seat : seats_) {
        if (seat.taken && !seat.subscribed) ++place_.figures.unanswered;
        if (!paced()) continue;
        for (auto number = seat.begun;
             due_time(pace_, number * seats_.size() + seat.client->number()) < place_.window.end; ++number)
            ++place_.figures.not_sent;
    }
}

}  // namespace parley::bench
