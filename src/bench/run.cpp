#include "bench/run.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "bench/worker.hpp"
#include "crypto/random.hpp"

namespace parley::bench {

namespace {

constexpr Nanoseconds look_pause = 10'000'000;
constexpr Nanoseconds show_pause = 250'000'000;
constexpr Nanoseconds begin_delay = 50'000'000;        // so that all threads are there when it begins
constexpr Nanoseconds doubles_patience = 100'000'000;  // for what comes twice
constexpr Nanoseconds slow_patience = 3'000'000'000;

double in_seconds(Nanoseconds time) {
    return static_cast<double>(time) / static_cast<double>(nanoseconds_per_second);
}

std::uint32_t random_run() {
    return static_cast<std::uint32_t>(crypto::random_below(std::uint64_t{1} << 32U));
}

std::optional<double> cpu_s_between(const std::optional<ProcessUsage>& before,
                                    const std::optional<ProcessUsage>& after) {
    if (!before || !after) return std::nullopt;
    return in_seconds(after->cpu_ns - before->cpu_ns);
}

/// The part of the processors' time since `before` that a hypervisor gave to others.
std::optional<double> stolen_share_since(const std::optional<MachineUsage>& before) {
    const auto now = machine_usage();
    if (!before || !now || now->ticks == before->ticks) return std::nullopt;
    return static_cast<double>(now->stolen_ticks - before->stolen_ticks) /
           static_cast<double>(now->ticks - before->ticks);
}

/// One run on its way.
class Run {
public:
    Run(const Options& options, const Target& target, double slow_percent, const ShowProgress& show)
        : options_(options),
          run_(random_run()),
          layout_(options, run_, slow_percent),
          markers_(run_),
          context_{options_, target, layout_, markers_, live_, failure_},
          show_(show) {}

    tl::expected<Result, std::string> go() {
        result_.options = options_;
        result_.slow_count = layout_.slow_count();
        const auto machine_before = machine_usage();
        result_.spent.server_before = server_usage();
        result_.spent.kernel_before = kernel_memory_bytes();
        for (std::size_t i = 0; i < options_.threads; ++i)
            workers_.push_back(std::make_unique<Worker>(context_, i));
        connect();
        if (layout_.connection_count() > 0)
            result_.spent.server_opening_cpu_s = cpu_s_between(result_.spent.server_before, server_usage());
        if (!failure_.get()) measure();
        result_.spent.stolen_share = stolen_share_since(machine_before);
        if (!failure_.get()) settle();
        for (const auto& worker : workers_) worker->stop();
        if (const auto sentence = failure_.get()) return tl::unexpected(*sentence);
        collect();
        return std::move(result_);
    }

private:
    /// Waits for `done`, as long as `patience_ns` passes without `progress` changing, and shows the phase
    /// meanwhile. False when that was too long.
    template <class Done, class Value>
    bool wait_for(std::string_view phase, Nanoseconds patience_ns, Done done, Value progress) {
        auto seen = progress();
        for (auto since = now_ns(); !done() && !failure_.get();) {
            std::this_thread::sleep_for(std::chrono::nanoseconds(look_pause));
            show(phase);
            if (const auto now_seen = progress(); now_seen != seen) {
                seen = now_seen;
                since = now_ns();
            } else if (now_ns() - since > patience_ns) {
                return false;
            }
        }
        return true;
    }

    void wait_until(std::string_view phase, Nanoseconds time) {
        while (!failure_.get()) {
            const auto now = now_ns();
            if (now >= time) return;
            std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(look_pause, time - now)));
            show(phase);
        }
    }

    template <class Asked>
    [[nodiscard]] bool all(Asked asked) const {
        return std::all_of(workers_.begin(), workers_.end(),
                           [&](const auto& worker) { return asked(*worker); });
    }

    void connect() {
        const bool ready = wait_for(
            "connecting", to_ns(options_.patience_s + options_.ramp_s),
            [this] { return all([](const Worker& worker) { return worker.ready(); }); },
            [this] { return live_.prepared.load() + live_.connected.load(); });
        if (!ready)
            failure_.set(fmt::format("{} of {} connections are open, and the server takes no more",
                                     live_.connected.load(), layout_.connection_count()));
    }

    void measure() {
        Window window{.begin = now_ns() + begin_delay};
        window.measure = window.begin + to_ns(options_.warm_up_s);
        window.end = window.measure + to_ns(options_.duration_s);
        for (const auto& worker : workers_) worker->begin(window);
        wait_until("warming up", window.measure);
        const auto own_before = own_cpu_ns();
        const auto server_before = server_usage();
        const auto begun = now_ns();
        wait_until("measuring", window.end);
        result_.window_s = in_seconds(now_ns() - begun);
        result_.spent.own_cpu_s = in_seconds(own_cpu_ns() - own_before);
        result_.spent.server_after = server_usage();
        result_.spent.server_cpu_s = cpu_s_between(server_before, result_.spent.server_after);
        result_.spent.kernel_after = kernel_memory_bytes();
    }

    /// Waits for what is on its way, at most as long again as was measured: behind a rate that is far too
    /// high that never ends.
    void settle() {
        const auto give_up_at = now_ns() + to_ns(options_.duration_s + options_.patience_s);
        const auto done = [&] {
            const bool finished = all([](const Worker& worker) { return worker.finished(); });
            return (finished && live_.delivered.load() >= live_.expected.load()) || now_ns() >= give_up_at;
        };
        const auto progress = [this] { return live_.delivered.load() + live_.published.load(); };
        wait_for("settling", to_ns(options_.patience_s), done, progress);
        wait_until("settling", now_ns() + doubles_patience);
        if (layout_.slow_count() == 0) return;
        for (const auto& worker : workers_) worker->wake_slow();
        wait_for(
            "waking the slow", slow_patience, [this] { return live_.cut_off.load() == layout_.slow_count(); },
            [this] { return live_.cut_off.load(); });
    }

    void collect() {
        for (const auto& worker : workers_) result_.figures.merge(worker->figures());
        const bool from_members = options_.scenario == Scenario::client_events;
        for (const auto& worker : workers_) {
            worker->audience().for_each_sequence([&](const Audience::Received& received) {
                if (from_members && layout_.member_number(received.connection) == received.sender) return;
                std::uint64_t accepted = 0;
                for (const auto& sending : workers_)
                    accepted += sending->accepted(received.channel, received.sender);
                result_.figures.lost += accepted - std::min(accepted, received.count);
            });
        }
    }

    [[nodiscard]] std::optional<ProcessUsage> server_usage() const {
        return options_.server_pid ? usage_of(*options_.server_pid) : std::nullopt;
    }

    void show(std::string_view phase) {
        const auto now = now_ns();
        if (phase != phase_) {
            phase_ = phase;
            phase_begun_ = now;
        }
        if (now - shown_ < show_pause) return;
        const Counts counts{live_.connected, live_.published, live_.delivered};
        const auto rate = [&](std::uint64_t before, std::uint64_t after) {
            return shown_ == 0 ? 0 : static_cast<double>(after - before) / in_seconds(now - shown_);
        };
        show_({.phase = phase,
               .connected = counts.connected,
               .connections = layout_.connection_count(),
               .elapsed_s = in_seconds(now - phase_begun_),
               .published_rate = rate(counts_.published, counts.published),
               .delivered_rate = rate(counts_.delivered, counts.delivered),
               .connected_rate = rate(counts_.connected, counts.connected)});
        counts_ = counts;
        shown_ = now;
    }

    struct Counts {
        std::uint64_t connected = 0;
        std::uint64_t published = 0;
        std::uint64_t delivered = 0;
    };

    const Options& options_;
    std::uint32_t run_;
    Layout layout_;
    MarkerCodec markers_;
    Live live_;
    Failure failure_;
    RunContext context_;
    const ShowProgress& show_;
    std::vector<std::unique_ptr<Worker>> workers_;
    Result result_;
    Counts counts_;
    std::string_view phase_;
    Nanoseconds phase_begun_ = 0;
    Nanoseconds shown_ = 0;
};

}  // namespace

tl::expected<Result, std::string> run_once(const Options& options, const Target& target, double slow_percent,
                                           const ShowProgress& show) {
    try {
        return Run(options, target, slow_percent, show).go();
    } catch (const std::system_error& error) {
        return tl::unexpected(fmt::format("{}: {}", error.what(), error.code().message()));
    }
}

}  // namespace parley::bench
