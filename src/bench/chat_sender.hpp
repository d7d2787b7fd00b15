#pragma once

#include <memory>

#include "bench/chat_people.hpp"
#include "bench/publish_sender.hpp"

namespace parley::bench {

/// People of Parley's chat who write to others over REST. Pair `p` of the run belongs to thread `p %
/// threads`; its listener is connection `p`, on the channel of that user.
class ChatSender final : public Sender {
public:
    ChatSender(Workplace& place, Audience& audience);

    [[nodiscard]] bool opens_audience() const override { return true; }
    void prepare() override { people_.begin(); }
    [[nodiscard]] bool ready() const override { return has_people_ && messages_.ready(); }
    void begin() override { messages_.begin(); }
    [[nodiscard]] bool finished() const override { return messages_.finished(); }
    void give_up() override { messages_.give_up(); }
    [[nodiscard]] std::uint64_t accepted(std::size_t channel, std::size_t sender) const override {
        return messages_.accepted(channel, sender);
    }

private:
    void open();

    Audience& audience_;
    ChatPeople people_;
    PublishSender messages_;
    bool has_people_ = false;
};

}  // namespace parley::bench
