#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "hub/control.hpp"
#include "hub/publisher.hpp"

// Hubs that write down what is asked of them. For tests; thread-safe.
namespace parley::chat::test {

inline constexpr std::chrono::seconds patience{20};

/// An event as it reached the hub.
struct Published {
    std::string name;
    std::vector<std::string> channels;
    std::string data;
    std::optional<pusher::SocketId> except;
};

class WrittenPublisher final : public hub::Publisher {
public:
    [[nodiscard]] tl::expected<void, hub::PublishError> publish(const hub::App& /*app*/,
                                                                std::span<const hub::Event> events) override {
        const std::scoped_lock lock(mutex_);
        ++tries_;
        changed_.notify_all();
        if (overloaded_) return tl::unexpected(hub::PublishError::overloaded);
        for (const auto& event : events)
            published_.push_back({.name = std::string(event.name),
                                  .channels = {event.channels.begin(), event.channels.end()},
                                  .data = std::string(event.data),
                                  .except = event.except});
        return {};
    }

    [[nodiscard]] bool occupied(const hub::App& /*app*/, std::string_view channel) const override {
        const std::scoped_lock lock(mutex_);
        return !occupied_ || occupied_->contains(channel);
    }

    /// Only these channels have subscribers; before, all have.
    void occupy(std::set<std::string, std::less<>> channels) {
        const std::scoped_lock lock(mutex_);
        occupied_ = std::move(channels);
    }

    void overload(bool overloaded) {
        const std::scoped_lock lock(mutex_);
        overloaded_ = overloaded;
    }

    /// Whether there were so many events, or so many tries, in time.
    [[nodiscard]] bool wait_for(std::size_t event_count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, [&] { return published_.size() >= event_count; });
    }
    [[nodiscard]] bool wait_for_tries(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, [&] { return tries_ >= count; });
    }

    [[nodiscard]] std::vector<Published> published() const {
        const std::scoped_lock lock(mutex_);
        return published_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Published> published_;
    std::size_t tries_ = 0;
    bool overloaded_ = false;
    std::optional<std::set<std::string, std::less<>>> occupied_;
};

/// Lifts bars when `lift` is called. Has every socket but those that `miss` names.
class WrittenControl final : public hub::Control {
public:
    void end_subscriptions(const hub::App& /*app*/, std::span<const hub::SubscriptionEnd> ends) override {
        const std::scoped_lock lock(mutex_);
        for (const auto& end : ends)
            lines_.push_back("end " + pusher::to_string(end.socket) + " " + end.channel + ": " + end.reason);
        changed_.notify_all();
    }

    void permit(const hub::App& /*app*/, pusher::SocketId socket, std::string_view channel,
                std::function<void()> done) override {
        const std::scoped_lock lock(mutex_);
        lines_.push_back("permit " + pusher::to_string(socket) + " " + std::string(channel));
        lifted_.push_back(std::move(done));
        changed_.notify_all();
    }

    void close_connections(const hub::App& /*app*/, std::span<const pusher::SocketId> sockets,
                           pusher::CloseCode code, std::string /*sentence*/) override {
        const std::scoped_lock lock(mutex_);
        for (const auto socket : sockets)
            lines_.push_back("close " + pusher::to_string(socket) + " " +
                             std::to_string(static_cast<int>(code)));
        changed_.notify_all();
    }

    void close_user(const hub::App& /*app*/, std::string_view user_id, pusher::CloseCode code,
                    std::string /*sentence*/) override {
        const std::scoped_lock lock(mutex_);
        lines_.push_back("close user " + std::string(user_id) + " " + std::to_string(static_cast<int>(code)));
        changed_.notify_all();
    }

    void find_missing(const hub::App& /*app*/, std::span<const pusher::SocketId> sockets,
                      std::function<void(std::vector<pusher::SocketId> missing)> done) override {
        std::vector<pusher::SocketId> missing;
        {
            const std::scoped_lock lock(mutex_);
            for (const auto socket : sockets)
                if (missed_.contains(socket)) missing.push_back(socket);
            lines_.push_back("find " + std::to_string(sockets.size()));
            changed_.notify_all();
            if (answers_later_) {
                lifted_.push_back([done = std::move(done), missing] { done(missing); });
                return;
            }
        }
        done(std::move(missing));
    }

    void miss(std::initializer_list<pusher::SocketId> sockets) {
        const std::scoped_lock lock(mutex_);
        missed_.insert(sockets);
    }

    /// What is missing is told at the next `lift`; before, at once.
    void answer_later() {
        const std::scoped_lock lock(mutex_);
        answers_later_ = true;
    }

    void lift() {
        std::vector<std::function<void()>> lifted;
        {
            const std::scoped_lock lock(mutex_);
            lifted.swap(lifted_);
        }
        for (const auto& done : lifted) done();
    }

    [[nodiscard]] std::vector<std::string> lines() const {
        const std::scoped_lock lock(mutex_);
        return lines_;
    }

    [[nodiscard]] bool wait_for(std::size_t line_count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, [&] { return lines_.size() >= line_count; });
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
    std::vector<std::function<void()>> lifted_;
    std::unordered_set<pusher::SocketId> missed_;
    bool answers_later_ = false;
};

}  // namespace parley::chat::test
