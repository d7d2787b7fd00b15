#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "hub/app.hpp"
#include "hub/channel_registry.hpp"
#include "net/loop.hpp"

namespace parley::hub {

/// Reports what subscribers are told late: subscription counts whose time had not come when they changed, and
/// members who may still return. Belongs to its loop.
class DeferredReports final : private net::Timer {
public:
    /// Both must outlive it.
    DeferredReports(net::Loop& loop, ChannelRegistry& registry) : loop_(loop), registry_(registry) {}
    ~DeferredReports() override;

    /// Has the registry report what is `due` of `channel`, when it is.
    void add(const ChannelRegistry::Due& due, const App& app, std::string_view channel);

private:
    struct Report {
        const App& app;
        std::string channel;
        std::optional<std::string> departed_user_id;  // empty: the count
    };

    void on_timer() override;
    void wait_for_first();

    net::Loop& loop_;
    ChannelRegistry& registry_;
    std::multimap<std::uint64_t, Report> reports_;  // by the time at which they are due
};

}  // namespace parley::hub
