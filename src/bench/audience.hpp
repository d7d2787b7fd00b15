#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/client.hpp"
#include "bench/sequence.hpp"

namespace parley::bench {

/// The clients of one thread that listen: opens them, subscribes them, and checks what they receive.
/// Connection `i` of the run belongs to thread `i % threads`.
class Audience final : public ClientListener, private net::Timer {
public:
    /// How events are told apart that carry the marker of a message.
    using Accepts = bool (*)(std::string_view text);

    /// Only what `accepts` takes is a delivery; null: everything with a marker.
    Audience(Workplace& place, Accepts accepts);

    /// Names the channels of a connection in place of the layout. Before `open`.
    using Names = std::function<std::string(std::size_t channel)>;
    void set_names(Names names) { names_ = std::move(names); }

    /// Begins to open the connections; `ready` once all are subscribed. Then those that are to be slow stop
    /// reading.
    void open();
    [[nodiscard]] bool ready() const { return ready_count_ == members_.size(); }

    /// Lets the slow ones read again, to see which were cut off.
    void wake_slow();

    /// How many messages of `sender` on `channel` connection `index` of this thread has received.
    struct Received {
        std::size_t connection;
        std::size_t channel;
        std::size_t sender;
        std::uint64_t count;
    };

    /// Calls `look(Received)` for every sender that each connection that reads can have heard of.
    template <class Look>
    void for_each_sequence(Look look) const {
        const auto senders = place_.run.layout.senders_per_channel();
        for (const auto& member : members_) {
            if (member.slow) continue;
            const auto connection = member.client->number();
            const auto channels = place_.run.layout.channels_of(connection);
            for (std::size_t i = 0; i < member.sequences.size(); ++i)
                look(
                    Received{connection, channels[i / senders], i % senders, member.sequences[i].received()});
        }
    }

    /// Connected clients of this thread, by position; the connection of position `i` has number `i * threads
    /// + worker`.
    [[nodiscard]] Client& client(std::size_t position) { return *members_[position].client; }
    [[nodiscard]] std::size_t size() const { return members_.size(); }

private:
    struct Member {
        std::unique_ptr<Client> client;
        std::vector<Sequence> sequences;  // one for each sender of each channel
        std::size_t subscriptions_missing = 0;
        bool slow = false;
        bool opened = false;
    };

    void on_greeted(Client& client) override;
    void on_subscribed(Client& client) override;
    void on_event(Client& client, std::string_view text) override;
    void on_refused(Client& client, std::string_view sentence) override;
    void on_closed(Client& client, std::string_view sentence) override;
    void on_timer() override { open_more(); }

    [[nodiscard]] Member& member_of(const Client& client);
    [[nodiscard]] std::string channel_name(std::size_t channel) const;
    void open_more();
    void note_ready(Member& member);

    Workplace& place_;
    Accepts accepts_;
    Names names_;
    std::vector<Member> members_;
    std::size_t begun_count_ = 0;
    std::size_t ready_count_ = 0;
};

}  // namespace parley::bench
