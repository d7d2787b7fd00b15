#pragma once

#include <memory>
#include <vector>

#include "bench/pacer.hpp"
#include "bench/sender.hpp"

namespace parley::bench {

/// Connections that come, subscribe, and go again: `connecting` of them at a time, or as many as a rate asks
/// for.
class ConnectSender final : public Sender, public ClientListener {
public:
    explicit ConnectSender(Workplace& place);

    void prepare() override {}
    [[nodiscard]] bool ready() const override { return true; }
    void begin() override;
    [[nodiscard]] bool finished() const override;
    void give_up() override;
    [[nodiscard]] std::uint64_t accepted(std::size_t /*channel*/, std::size_t /*sender*/) const override {
        return 0;
    }

private:
    /// Connection `k` of a seat is connection `k * seats + number` of the thread.
    struct Seat {
        std::unique_ptr<Client> client;
        std::uint64_t begun = 0;
        Nanoseconds due = 0;
        bool taken = false;
        bool subscribed = false;
    };

    void on_greeted(Client& client) override;
    void on_subscribed(Client& client) override;
    void on_event(Client& /*client*/, std::string_view /*text*/) override {}
    void on_refused(Client& client, std::string_view sentence) override;
    void on_closed(Client& client, std::string_view sentence) override;

    void open_all_due();
    void open(Seat& seat, Nanoseconds due);
    void note_success(Seat& seat);
    [[nodiscard]] bool paced() const { return place_.run.options.rate > 0; }
    [[nodiscard]] Nanoseconds next_due(const Seat& seat) const;

    Workplace& place_;
    Pacer pacer_;
    Pace pace_;
    std::vector<Seat> seats_;
    std::uint64_t succeeded_ = 0;
};

}  // namespace parley::bench
