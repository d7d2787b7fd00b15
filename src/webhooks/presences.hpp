#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace parley::webhooks {

/// A channel that has subscribers, or a user who is on a presence channel.
struct Subject {
    std::string channel = {};
    std::optional<std::string> user_id = {};  // empty: the channel itself

    bool operator==(const Subject&) const = default;
};

struct SubjectHash {
    [[nodiscard]] std::size_t operator()(const Subject& subject) const;
};

/// Of which comings and goings of one app its back end hears: a departure is told after a while, and neither
/// it nor the return if the subject comes back before (HTTP API, "Webhooks", when). What was told of a
/// subject alternates: it came, it has gone. Pure; time is handed in and never goes back.
class Presences {
public:
    /// `delay_ms`: how long a departure waits; 0 tells it at once. `delayed_max`: how many wait at the same
    /// time; past it the oldest is told early.
    Presences(std::uint64_t delay_ms, std::size_t delayed_max)
        : delay_ms_(delay_ms), delayed_max_(delayed_max) {}

    /// Changes both, the delay for departures to come; they are told in their order all the same.
    void set_limits(std::uint64_t delay_ms, std::size_t delayed_max) {
        delay_ms_ = delay_ms;
        delayed_max_ = delayed_max;
    }

    /// The subject has come. Its number when that is to be told: 1, 2, 3… over all subjects; else empty.
    [[nodiscard]] std::optional<std::uint64_t> arrive(const Subject& subject);

    /// The subject has gone. Then ask `take_departed`.
    void depart(const Subject& subject, std::uint64_t now_ms);

    struct Departed {
        Subject subject = {};
        std::uint64_t arrival = 0;  // the number that its coming had
    };

    /// Departures that are to be told now, in their order.
    [[nodiscard]] std::vector<Departed> take_departed(std::uint64_t now_ms);

    /// The same for all that wait.
    [[nodiscard]] std::vector<Departed> take_all_departed();

    /// Forgets the subjects that are `unwanted`: neither their going is told, nor that they are here already.
    template <class Unwanted>
    void forget_if(Unwanted unwanted) {
        std::erase_if(present_, [&](const auto& each) {
            const auto& [subject, state] = each;
            if (!unwanted(subject)) return false;
            if (state.leaving) leaving_.erase(*state.leaving);
            return true;
        });
    }

    /// When the next one is to be told.
    [[nodiscard]] std::optional<std::uint64_t> next_due_ms() const;

    /// The number of the last arrival that was told.
    [[nodiscard]] std::uint64_t last_arrival() const { return last_arrival_; }

private:
    struct Leaving {
        std::uint64_t due_ms;
        const Subject* subject;  // the key in `present_`
    };
    struct State {
        std::uint64_t arrival = 0;
        std::optional<std::list<Leaving>::iterator> leaving = {};
    };

    [[nodiscard]] Departed take_first();

    std::uint64_t delay_ms_;
    std::size_t delayed_max_;
    std::uint64_t last_arrival_ = 0;
    std::unordered_map<Subject, State, SubjectHash> present_;  // the leaving ones included
    std::list<Leaving> leaving_;                               // the one that left first in front
};

}  // namespace parley::webhooks
