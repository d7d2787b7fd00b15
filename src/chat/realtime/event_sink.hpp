#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/contracts/sink.hpp"
#include "hub/publisher.hpp"

namespace parley::chat {

/// Collects what the contracts send for one event, and publishes all of it or nothing.
class EventSink final : public Sink {
public:
    /// `except`: the socket that is left out, on every channel.
    EventSink(hub::Publisher& publisher, const hub::App& app, std::optional<pusher::SocketId> except)
        : publisher_(publisher), app_(app), except_(except) {}

    [[nodiscard]] bool wanted(std::string_view channel) override {
        return publisher_.occupied(app_, channel);
    }

    void publish(std::string name, std::vector<std::string> channels, std::string data) override {
        collected_.push_back(
            {.name = std::move(name), .channels = std::move(channels), .data = std::move(data)});
    }

    /// May be tried again when it failed.
    [[nodiscard]] tl::expected<void, hub::PublishError> publish_collected() {
        if (collected_.empty()) return {};
        std::vector<hub::Event> events;
        events.reserve(collected_.size());
        for (const auto& one : collected_)
            events.push_back(
                {.name = one.name, .data = one.data, .channels = one.channels, .except = except_});
        return publisher_.publish(app_, events);
    }

private:
    struct Collected {
        std::string name;
        std::vector<std::string> channels;
        std::string data;
    };

    hub::Publisher& publisher_;
    const hub::App& app_;
    std::optional<pusher::SocketId> except_;
    std::vector<Collected> collected_;
};

}  // namespace parley::chat
