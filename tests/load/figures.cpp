#include <fmt/format.h>

#include "json_values.hpp"
#include "options.hpp"
#include "traffic.hpp"

namespace parley::load {

namespace {

constexpr std::size_t client_count = 50;
constexpr double messages_per_second = 100;
constexpr Nanoseconds poll_interval = 50 * millisecond;
constexpr std::int64_t delivery_p99_wanted_us = 100'000;
constexpr std::int64_t poll_p50_wanted_us = 5'000;

struct Place {
    std::vector<Person> people = {};
    std::vector<chat::Id> directs = {};  // of the people 0 and 1, 2 and 3…
    chat::Id group = 0;                  // of everybody
    chat::Id quiet = 0;                  // of the first and the last
};

Place furnish(Setup& setup) {
    Place place{.people = setup.add_people(client_count)};
    for (std::size_t i = 0; i + 1 < place.people.size(); i += 2)
        place.directs.push_back(setup.open_direct(place.people[i], place.people[i + 1]));
    place.group = setup.open_group(place.people);
    place.quiet = setup.open_direct(place.people.front(), place.people.back());
    return place;
}

/// Somebody who asks every now and then for what is not there.
class Polling {
public:
    Polling(Site& site, const Place& place)
        : client_(site.poller(), site.endpoint()), token_(place.people.front().token) {
        const auto messages = fmt::format("/api/chat/conversations/{}/messages", place.quiet);
        const auto sent = client_.expect_success(
            {.method = "POST", .target = messages, .token = token_, .body = R"({"body":"Nobody answers."})"});
        target_ = fmt::format("{}?after={}", messages, integer_at(sent, {"id"}));
    }

    void poll(bool is_measured) {
        const auto time = now();
        if (client_.busy() || time < next_) return;
        next_ = time + poll_interval;
        client_.send({.target = target_, .token = token_}, [this, time, is_measured](const Answer& answer) {
            if (answer.status != 200) throw std::runtime_error("a poll was refused");
            if (is_measured) latencies.add(now() - time);
        });
    }

    Latencies latencies;

private:
    HttpClient client_;
    std::string token_;
    std::string target_;
    Nanoseconds next_ = 0;
};

void measure(const Options& options, std::string_view name, bool in_group) {
    Place place;
    Site site(options, [&](Setup& setup) { place = furnish(setup); });

    Traffic* traffic = nullptr;
    std::vector<Listener> listeners;
    for (std::size_t i = 0; i < place.people.size(); ++i) {
        listeners.push_back({.person = place.people[i], .on_event = [&traffic, i](std::string_view text) {
                                 if (traffic != nullptr) traffic->on_event(i, text);
                             }});
    }
    const auto subscribers = site.connect(std::move(listeners));
    std::vector<Speaker> speakers;
    for (std::size_t i = 0; i < place.people.size(); ++i) {
        speakers.push_back({.person = place.people[i],
                            .conversation_id = in_group ? place.group : place.directs[i / 2],
                            .listener_count = in_group ? client_count - 1 : 1,
                            .socket_id = subscribers[i]->socket_id()});
    }
    Traffic running(site, std::move(speakers), place.people.size());
    Polling polling(site, place);
    traffic = &running;

    Report report(name);
    site.describe(report);
    auto result =
        running.run({.duration = static_cast<Nanoseconds>(options.seconds * static_cast<double>(second)),
                     .rate = messages_per_second,
                     .beside = [&](bool is_measured) { polling.poll(is_measured); }});
    report.fraction("messages_per_second", result.messages_per_second);
    report.latencies("answer", result.answers);
    report.latencies("delivery", result.deliveries);
    report.latencies("empty_poll", polling.latencies);
    report.number("refused", result.refused_count);
    report.number("deliveries_missing", result.missing_count);
    report.number("deliveries_repeated", result.repeated_count);
    report.target("delivery_p99", "below 100 ms",
                  result.deliveries.percentile_us(0.99) < delivery_p99_wanted_us);
    report.target("empty_poll_p50", "below 5 ms", polling.latencies.percentile_us(0.5) < poll_p50_wanted_us);
    report.finish();
}

}  // namespace

void measure_figures(const Options& options) {
    measure(options, "figures_direct", false);
    measure(options, "figures_group", true);
}

}  // namespace parley::load
