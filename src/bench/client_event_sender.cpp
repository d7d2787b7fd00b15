#include "bench/client_event_sender.hpp"

namespace parley::bench {

ClientEventSender::ClientEventSender(Workplace& place, Audience& audience)
    : place_(place),
      audience_(audience),
      pacer_(place.loop, [this] { send_all_due(); }),
      sent_(audience.size()) {}

void ClientEventSender::begin() {
    pace_ = pace_of(place_);
    pacer_.wake_at(pace_.begin);
}

void ClientEventSender::send_all_due() {
    const auto now = now_ns();
    auto due = due_time(pace_, turn_);
    for (; due <= now && due < place_.window.end; due = due_time(pace_, turn_))
        send(turn_++ % sent_.size(), due);
    if (due < place_.window.end) pacer_.wake_at(due);
}

void ClientEventSender::send(std::size_t position, Nanoseconds due) {
    auto& client = audience_.client(position);
    if (!client.connected()) {
        ++place_.figures.not_sent;
        return;
    }
    const auto& layout = place_.run.layout;
    const auto channel = client.number() % layout.channel_count();
    data_.clear();
    place_.run.markers.append(data_,
                              {.channel = static_cast<std::uint32_t>(channel),
                               .sender = static_cast<std::uint32_t>(layout.member_number(client.number())),
                               .sequence = sent_[position]++,
                               .due = due},
                              place_.run.options.payload_bytes);
    client.send_event("client-bench", layout.channel_name(channel), data_);
    ++place_.figures.sent;
    if (place_.window.measures(now_ns())) ++place_.figures.published;
    place_.run.live.published.fetch_add(1, std::memory_order_relaxed);
    place_.run.live.expected.fetch_add(layout.listener_count(channel) - 1, std::memory_order_relaxed);
}

bool ClientEventSender::finished() const { return due_time(pace_, turn_) >= place_.window.end; }

std::uint64_t ClientEventSender::accepted(std::size_t channel, std::size_t sender) const {
    const auto connection = sender * place_.run.layout.channel_count() + channel;
    const auto threads = place_.run.options.threads;
    const auto position = connection / threads;
    return connection % threads == place_.worker && position < sent_.size() ? sent_[position] : 0;
}

}  // namespace parley::bench
