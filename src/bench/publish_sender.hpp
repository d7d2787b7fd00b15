#pragma once

#include <memory>
#include <vector>

#include "bench/http_connection.hpp"
#include "bench/pacer.hpp"
#include "bench/sender.hpp"

namespace parley::bench {

/// Writes the requests that a `PublishSender` sends.
class RequestWriter {
public:
    virtual ~RequestWriter() = default;

    /// A whole request that sends `data`, which needs no escapes in JSON, to channel number `channel`. Valid
    /// until the next call.
    [[nodiscard]] virtual std::string_view write(std::size_t channel, std::string_view data) = 0;
};

/// Sends over HTTP. What one connection sends to a channel stays in order: each is a sender of its own there.
/// With `--rate 0` each connection sends as soon as it has an answer.
class PublishSender final : public Sender, public HttpListener {
public:
    /// Sends what `writer` writes to `channels`, which ascend, in turn. On each it is the `lines_per_channel`
    /// senders from number `first_sender` on, which have a connection each where there are enough.
    PublishSender(Workplace& place, std::unique_ptr<RequestWriter> writer, std::vector<std::size_t> channels,
                  std::size_t lines_per_channel, std::size_t first_sender);

    void prepare() override;
    [[nodiscard]] bool ready() const override { return connected_count_ == lines_.size(); }
    void begin() override;
    [[nodiscard]] bool finished() const override;
    void give_up() override;
    [[nodiscard]] std::uint64_t accepted(std::size_t channel, std::size_t sender) const override;

private:
    /// One HTTP connection and what is to go over it: message `k` of it is message `k * lines + number` of
    /// the thread, and belongs to sequence `(k % sequence_count) * lines + number`.
    struct Line {
        std::unique_ptr<HttpConnection> connection;
        std::size_t sequence_count = 0;
        std::uint64_t sent = 0;
        bool was_connected = false;
    };

    struct Counts {
        std::uint32_t sent = 0;
        std::uint32_t not_accepted = 0;
    };

    void on_connected(HttpConnection& connection) override;
    void on_answer(HttpConnection& connection, const Tag& tag, const Answer& answer) override;
    void on_unanswered(HttpConnection& connection, const Tag& tag) override;

    void send_all_due();
    void send_due(Line& line);
    void send(Line& line, Nanoseconds due);
    void note_failed(const Tag& tag);
    [[nodiscard]] std::size_t channel_of(std::size_t sequence) const {
        return channels_[sequence % channels_.size()];
    }
    [[nodiscard]] bool paced() const { return place_.run.options.rate > 0; }
    [[nodiscard]] Nanoseconds next_due(const Line& line) const;
    [[nodiscard]] bool has_slot(const Line& line) const;

    Workplace& place_;
    Pacer pacer_;
    std::unique_ptr<RequestWriter> writer_;
    std::vector<std::size_t> channels_;
    std::size_t first_sender_;
    Pace pace_;
    std::vector<Counts> counts_;  // by sequence: all channels of the first sender, then of the next
    std::vector<Line> lines_;
    std::size_t connected_count_ = 0;
    bool begun_ = false;
    std::string data_;
};

/// Publishes events to all channels of the run.
[[nodiscard]] std::unique_ptr<PublishSender> make_event_sender(Workplace& place);

}  // namespace parley::bench
