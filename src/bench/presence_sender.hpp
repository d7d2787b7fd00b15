#pragma once

#include <memory>
#include <vector>

#include "bench/pacer.hpp"
#include "bench/sender.hpp"

namespace parley::bench {

/// Members who join a presence channel and leave as soon as they are in, each time as somebody else. What is
/// measured is how soon those who stay are told of a join; leaving is not.
class PresenceSender final : public Sender, public ClientListener {
public:
    explicit PresenceSender(Workplace& place);

    void prepare() override;
    [[nodiscard]] bool ready() const override { return greeted_count_ == visitors_.size(); }
    void begin() override;
    [[nodiscard]] bool finished() const override;
    void give_up() override;
    [[nodiscard]] std::uint64_t accepted(std::size_t channel, std::size_t sender) const override;

private:
    /// Visit `k` of a visitor is visit `k * visitors + number` of the thread, always of the same channel.
    struct Visitor {
        std::unique_ptr<Client> client;
        std::size_t channel = 0;
        std::uint32_t sender = 0;
        std::uint32_t visits = 0;
        std::uint32_t refused = 0;
        Nanoseconds due = 0;  // of the visit that is under way
        bool greeted = false;
        bool inside = false;
    };

    void on_greeted(Client& client) override;
    void on_subscribed(Client& client) override;
    void on_event(Client& /*client*/, std::string_view /*text*/) override {}
    void on_refused(Client& client, std::string_view sentence) override;
    void on_closed(Client& client, std::string_view sentence) override;

    void send_all_due();
    void visit(Visitor& visitor, Nanoseconds due);
    [[nodiscard]] Nanoseconds next_due(const Visitor& visitor) const;

    Workplace& place_;
    Pacer pacer_;
    Pace pace_;
    std::vector<Visitor> visitors_;
    std::size_t greeted_count_ = 0;
    bool begun_ = false;
};

}  // namespace parley::bench
