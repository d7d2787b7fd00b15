#include "questions.hpp"

#include <memory>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace parley::load {

namespace {

constexpr Nanoseconds warm_up = second / 2;
constexpr std::size_t least_count = 20;  // however long it takes

class Asking {
public:
    Asking(const Question& question, Nanoseconds duration)
        : question_(question), begin_(now() + warm_up), end_(begin_ + duration) {}

    void send(HttpClient& client) {
        auto target = question_.next_target();
        const auto sent = now();
        client.send({.target = target, .token = question_.token},
                    [this, &client, sent](const Answer& answer) { on_answer(client, sent, answer); });
    }

    Latencies latencies;

private:
    void on_answer(HttpClient& client, Nanoseconds sent, const Answer& answer) {
        const auto time = now();
        if (answer.status != 200)
            throw std::runtime_error(fmt::format("an answer was {} {}", answer.status, answer.body));
        if (sent >= begin_) latencies.add(time - sent);
        if (question_.look) question_.look(answer.body);
        if (time < end_ || latencies.count() < least_count) send(client);
    }

    const Question& question_;
    Nanoseconds begin_;
    Nanoseconds end_;
};

}  // namespace

Latencies ask(Site& site, const Question& question, std::size_t clients, Nanoseconds duration) {
    std::vector<std::unique_ptr<HttpClient>> connections;
    for (std::size_t i = 0; i < clients; ++i)
        connections.push_back(std::make_unique<HttpClient>(site.poller(), site.endpoint()));
    Asking asking(question, duration);
    for (auto& connection : connections) asking.send(*connection);
    for (auto& connection : connections)
        site.poller().run_until([&] { return !connection->busy(); }, "the last answers",
                                duration + 60 * second);
    return std::move(asking.latencies);
}

}  // namespace parley::load
