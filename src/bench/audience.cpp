#include "bench/audience.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace parley::bench {

namespace {

/// What a member of a presence channel says of itself.
std::string channel_data_of(std::size_t connection) {
    return fmt::format(R"({{"user_id":"bench-{}","user_info":{{}}}})", connection);
}

}  // namespace

Audience::Audience(Workplace& place, Accepts accepts) : place_(place), accepts_(accepts) {
    const auto& [options, target, layout, markers, live, failure] = place_.run;
    for (auto number = place.worker; number < layout.connection_count(); number += options.threads) {
        const auto channel_count = layout.channels_of(number).size();
        members_.push_back({.client = std::make_unique<Client>(place_, *this, number),
                            .sequences = std::vector<Sequence>(
                                layout.is_slow(number) ? 0 : channel_count * layout.senders_per_channel()),
                            .subscriptions_missing = channel_count,
                            .slow = layout.is_slow(number)});
    }
}

void Audience::open() {
    if (!members_.empty()) place_.figures.opening_begin = now_ns();
    open_more();
}

void Audience::open_more() {
    const auto& options = place_.run.options;
    while (begun_count_ < members_.size() && begun_count_ - ready_count_ < options.connecting) {
        if (options.ramp_s > 0) {
            const auto due = due_time({.begin = place_.figures.opening_begin,
                                       .rate = static_cast<double>(members_.size()) / options.ramp_s},
                                      begun_count_);
            if (due > now_ns()) return place_.loop.set_timer(*this, 1);
        }
        auto& member = members_[begun_count_++];
        member.client->connect(member.slow ? Client::Reading::little : Client::Reading::always);
    }
}

Audience::Member& Audience::member_of(const Client& client) {
    return members_[client.number() / place_.run.options.threads];
}

std::string Audience::channel_name(std::size_t channel) const {
    return names_ ? names_(channel) : place_.run.layout.channel_name(channel);
}

void Audience::on_greeted(Client& client) {
    auto& member = member_of(client);
    if (member.subscriptions_missing == 0) return note_ready(member);
    const bool presence = place_.run.options.channel_type == ChannelType::presence_channel;
    for (const auto channel : place_.run.layout.channels_of(client.number()))
        client.subscribe(channel_name(channel), presence ? channel_data_of(client.number()) : "");
}

void Audience::on_subscribed(Client& client) {
    auto& member = member_of(client);
    if (member.subscriptions_missing > 0 && --member.subscriptions_missing == 0) note_ready(member);
}

void Audience::note_ready(Member& member) {
    member.opened = true;
    ++ready_count_;
    const auto now = now_ns();
    place_.figures.opening_end = now;
    place_.figures.connecting.record(now - member.client->begun());
    place_.run.live.connected.fetch_add(1, std::memory_order_relaxed);
    if (member.slow) member.client->pause_reading();
    open_more();
}

void Audience::on_event(Client& client, std::string_view text) {
    const auto& run = place_.run;
    const auto marker = run.markers.find(text);
    if (!marker || (accepts_ != nullptr && !accepts_(text))) return;
    auto& member = member_of(client);
    if (member.slow) return;
    auto& figures = place_.figures;
    const auto senders = run.layout.senders_per_channel();
    const auto position = run.layout.position(client.number(), marker->channel);
    const auto place = position * senders + marker->sender;
    if (marker->sender >= senders || place >= member.sequences.size()) {
        ++figures.stray;
        return;
    }
    const auto arrival = member.sequences[place].note(marker->sequence);
    if (arrival == Arrival::repeated) {
        ++figures.doubled;
        return;
    }
    if (arrival == Arrival::late) ++figures.reordered;
    ++figures.received;
    run.live.delivered.fetch_add(1, std::memory_order_relaxed);
    const auto now = client.read_at();
    if (place_.window.measures(marker->due)) figures.delivering.record(now - std::min(now, marker->due));
    if (place_.window.measures(now)) ++figures.delivered;
}

void Audience::on_refused(Client& client, std::string_view sentence) {
    if (!member_of(client).opened)
        return place_.run.failure.set(
            fmt::format("connection {} was refused: {}", client.number() + 1, sentence));
    place_.note_refusal(sentence);
}

void Audience::on_closed(Client& client, std::string_view sentence) {
    auto& member = member_of(client);
    if (!member.opened)
        return place_.run.failure.set(fmt::format("connection {} of {} could not be opened: {}",
                                                  client.number() + 1, place_.run.layout.connection_count(),
                                                  sentence));
    if (member.slow) {
        ++place_.figures.cut_off;
        place_.run.live.cut_off.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    ++place_.figures.closed;
    if (place_.figures.first_refusal.empty()) place_.figures.first_refusal = sentence;
}

void Audience::wake_slow() {
    for (auto& member : members_)
        if (member.slow) member.client->resume_reading();
}

}  // namespace parley::bench
