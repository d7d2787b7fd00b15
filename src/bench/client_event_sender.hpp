#pragma once

#include <string>
#include <vector>

#include "bench/pacer.hpp"
#include "bench/sender.hpp"

namespace parley::bench {

/// Has the connections of its thread send client events in turn. Servers do not answer these.
class ClientEventSender final : public Sender {
public:
    ClientEventSender(Workplace& place, Audience& audience);

    void prepare() override {}
    [[nodiscard]] bool ready() const override { return true; }
    void begin() override;
    [[nodiscard]] bool finished() const override;
    void give_up() override {}
    [[nodiscard]] std::uint64_t accepted(std::size_t channel, std::size_t sender) const override;

private:
    void send_all_due();
    void send(std::size_t position, Nanoseconds due);

    Workplace& place_;
    Audience& audience_;
    Pacer pacer_;
    Pace pace_;
    std::uint64_t turn_ = 0;
    std::vector<std::uint32_t> sent_;  // by position in the audience
    std::string data_;
};

}  // namespace parley::bench
