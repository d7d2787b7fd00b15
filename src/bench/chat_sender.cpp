#include "bench/chat_sender.hpp"

#include <fmt/format.h>

namespace parley::bench {

namespace {

std::vector<std::size_t> pairs_of(const Workplace& place) {
    std::vector<std::size_t> numbers;
    for (auto number = place.worker; number < place.run.layout.channel_count();
         number += place.run.options.threads)
        numbers.push_back(number);
    return numbers;
}

/// The body of a message is its marker.
class MessageWriter final : public RequestWriter {
public:
    MessageWriter(const Target& target, const ChatPeople& people) : target_(target), people_(people) {}

    std::string_view write(std::size_t channel, std::string_view data) override {
        const auto& pair = people_.pair(channel);
        request_ =
            chat_request(target_, fmt::format("/api/chat/conversations/{}/messages", pair.conversation_id),
                         pair.writer_token, fmt::format(R"({{"body":"{}"}})", data));
        return request_;
    }

private:
    const Target& target_;
    const ChatPeople& people_;
    std::string request_;
};

}  // namespace

ChatSender::ChatSender(Workplace& place, Audience& audience)
    : audience_(audience),
      people_(place, pairs_of(place).size(), [this] { open(); }),
      messages_(place, std::make_unique<MessageWriter>(place.run.target, people_), pairs_of(place), 1, 0) {}

void ChatSender::open() {
    has_people_ = true;
    audience_.set_names(
        [this](std::size_t channel) { return "private-user." + people_.pair(channel).listener_id; });
    audience_.open();
    messages_.prepare();
}

}  // namespace parley::bench
