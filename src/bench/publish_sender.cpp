#include "bench/publish_sender.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "bench/publish_request.hpp"

namespace parley::bench {

namespace {

std::int64_t unix_s() {
    return std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1);
}

/// Answers after which every other request would be refused, too.
bool is_hopeless(int status) { return status == 401 || status == 403 || status == 404; }

/// Signed requests of the HTTP API.
class EventWriter final : public RequestWriter {
public:
    explicit EventWriter(const RunContext& run) : request_(run.target) {
        for (std::size_t channel = 0; channel < run.layout.channel_count(); ++channel)
            names_.push_back(run.layout.channel_name(channel));
    }

    std::string_view write(std::size_t channel, std::string_view data) override {
        return request_.write(names_[channel], data, unix_s());
    }

private:
    PublishRequest request_;
    std::vector<std::string> names_;
};

}  // namespace

PublishSender::PublishSender(Workplace& place, std::unique_ptr<RequestWriter> writer,
                             std::vector<std::size_t> channels, std::size_t lines_per_channel,
                             std::size_t first_sender)
    : place_(place),
      pacer_(place.loop, [this] { send_all_due(); }),
      writer_(std::move(writer)),
      channels_(std::move(channels)),
      first_sender_(first_sender),
      counts_(channels_.size() * lines_per_channel) {
    const auto line_count = std::min(place_.run.options.publishers, counts_.size());
    for (std::size_t number = 0; number < line_count; ++number) {
        lines_.push_back({.connection = std::make_unique<HttpConnection>(place_, *this, number),
                          .sequence_count = (counts_.size() - number + line_count - 1) / line_count});
    }
}

std::unique_ptr<PublishSender> make_event_sender(Workplace& place) {
    std::vector<std::size_t> channels(place.run.layout.channel_count());
    std::iota(channels.begin(), channels.end(), std::size_t{0});
    const auto lines_per_channel = publishers_per_channel(place.run.options);
    return std::make_unique<PublishSender>(place, std::make_unique<EventWriter>(place.run),
                                           std::move(channels), lines_per_channel,
                                           place.worker * lines_per_channel);
}

void PublishSender::prepare() {
    for (auto& line : lines_) line.connection->connect();
}

void PublishSender::begin() {
    begun_ = true;
    pace_ = pace_of(place_);
    if (paced()) {
        pacer_.wake_at(pace_.begin);
    } else {
        send_all_due();
    }
}

Nanoseconds PublishSender::next_due(const Line& line) const {
    return due_time(pace_, line.sent * lines_.size() + line.connection->number());
}

bool PublishSender::has_slot(const Line& line) const {
    return line.connection->connected() && line.connection->outstanding() < place_.run.options.pipeline;
}

void PublishSender::send_all_due() {
    for (auto& line : lines_) send_due(line);
}

/// What was due before the end is sent also when its turn comes late. A connection without a slot goes on
/// when its answer comes.
void PublishSender::send_due(Line& line) {
    if (!begun_) return;
    const auto now = now_ns();
    while (has_slot(line)) {
        const auto due = paced() ? next_due(line) : now;
        if (due >= place_.window.end) return;
        if (due > now) return pacer_.wake_at(due);
        send(line, due);
    }
}

void PublishSender::send(Line& line, Nanoseconds due) {
    const auto number = line.connection->number();
    const auto sequence = number + line.sent++ % line.sequence_count * lines_.size();
    const auto channel = channel_of(sequence);
    data_.clear();
    place_.run.markers.append(
        data_,
        {.channel = static_cast<std::uint32_t>(channel),
         .sender = static_cast<std::uint32_t>(first_sender_ + sequence / channels_.size()),
         .sequence = counts_[sequence].sent++,
         .due = due},
        place_.run.options.payload_bytes);
    ++place_.figures.sent;
    place_.run.live.expected.fetch_add(place_.run.layout.listener_count(channel), std::memory_order_relaxed);
    line.connection->send(writer_->write(channel, data_), {due, sequence});
}

void PublishSender::on_connected(HttpConnection& connection) {
    auto& line = lines_[connection.number()];
    if (!std::exchange(line.was_connected, true)) ++connected_count_;
    send_due(line);
}

void PublishSender::on_answer(HttpConnection& connection, const Tag& tag, const Answer& answer) {
    const auto now = now_ns();
    if (answer.status / 100 == 2) {
        place_.run.live.published.fetch_add(1, std::memory_order_relaxed);
        if (place_.window.measures(tag.due)) place_.figures.publishing.record(now - tag.due);
        if (place_.window.measures(now)) ++place_.figures.published;
    } else {
        const auto sentence = refusal_sentence(answer);
        if (is_hopeless(answer.status))
            place_.run.failure.set(fmt::format("a publish was refused: {}", sentence));
        place_.note_refusal(sentence);
        note_failed(tag);
    }
    send_due(lines_[connection.number()]);
}

void PublishSender::on_unanswered(HttpConnection& /*connection*/, const Tag& tag) {
    ++place_.figures.unanswered;
    note_failed(tag);
}

/// Nobody has to receive it.
void PublishSender::note_failed(const Tag& tag) {
    ++counts_[tag.sequence].not_accepted;
    place_.run.live.expected.fetch_sub(place_.run.layout.listener_count(channel_of(tag.sequence)),
                                       std::memory_order_relaxed);
}

bool PublishSender::finished() const {
    return std::all_of(lines_.begin(), lines_.end(), [this](const Line& line) {
        const bool all_sent = paced() ? next_due(line) >= place_.window.end : now_ns() >= place_.window.end;
        return all_sent && line.connection->outstanding() == 0;
    });
}

void PublishSender::give_up() {
    for (const auto& line : lines_) {
        place_.figures.unanswered += line.connection->outstanding();
        if (!paced()) continue;
        for (auto number = line.sent;
             due_time(pace_, number * lines_.size() + line.connection->number()) < place_.window.end;
             ++number)
            ++place_.figures.not_sent;
    }
}

std::uint64_t PublishSender::accepted(std::size_t channel, std::size_t sender) const {
    const auto place = std::lower_bound(channels_.begin(), channels_.end(), channel);
    if (place == channels_.end() || *place != channel || sender < first_sender_) return 0;
    const auto sequence =
        (sender - first_sender_) * channels_.size() + static_cast<std::size_t>(place - channels_.begin());
    return sequence < counts_.size() ? counts_[sequence].sent - counts_[sequence].not_accepted : 0;
}

}  // namespace parley::bench
