#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "hub/observer.hpp"
#include "metrics/counter.hpp"
#include "pusher/channel_name.hpp"

namespace parley::operations {

/// How many channels of each kind are occupied, counted as they come and go, so that asking costs nothing.
/// Any thread.
class ChannelCensus final : public hub::Observer {
public:
    static constexpr std::size_t kind_count =
        static_cast<std::size_t>(pusher::ChannelKind::presence_cache) + 1;

    /// `app_count_max`: limits.max_apps.
    explicit ChannelCensus(std::size_t app_count_max) : counts_(app_count_max) {}

    [[nodiscard]] std::uint64_t occupied(const hub::App& app, pusher::ChannelKind kind) const;
    [[nodiscard]] std::uint64_t occupied(const hub::App& app) const;

    void channel_occupied(const hub::App& app, std::string_view channel) override { change(app, channel, 1); }
    void channel_vacated(const hub::App& app, std::string_view channel) override { change(app, channel, -1); }
    void member_joined(const hub::App&, std::string_view, const hub::PresentUser&) override {}
    void member_left(const hub::App&, std::string_view, std::string_view) override {}
    void signed_in(const hub::App&, std::string_view) override {}
    void signed_out(const hub::App&, std::string_view) override {}
    void connection_closed(const hub::App&, pusher::SocketId) override {}

private:
    void change(const hub::App& app, std::string_view channel, std::int64_t difference) {
        counts_[app.index][static_cast<std::size_t>(pusher::classify(channel))].change(difference);
    }

    std::vector<std::array<metrics::SharedGauge, kind_count>> counts_;  // by app and kind
};

/// `private-encrypted`, as monitoring names a kind of channels.
[[nodiscard]] std::string_view name_of(pusher::ChannelKind kind);

}  // namespace parley::operations
