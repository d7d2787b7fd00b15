#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "hub/app.hpp"
#include "hub/channel_registry.hpp"
#include "net/loop.hpp"

namespace parley::hub {

/// Reports the subscription counts whose time had not come when they changed. Belongs to its loop.
class CountReporter final : private net::Timer {
public:
    /// Both must outlive it.
    CountReporter(net::Loop& loop, ChannelRegistry& registry) : loop_(loop), registry_(registry) {}
    ~CountReporter() override;

    /// Has the registry report the count of `channel` at `due_ms` of the steady clock.
    void report_at(std::uint64_t due_ms, const App& app, std::string_view channel);

private:
    struct Report {
        const App& app;
        std::string channel;
    };

    void on_timer() override;
    void wait_for_first();

    net::Loop& loop_;
    ChannelRegistry& registry_;
    std::multimap<std::uint64_t, Report> reports_;  // by the time at which they are due
};

}  // namespace parley::hub
