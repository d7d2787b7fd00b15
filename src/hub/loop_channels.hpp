#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <tl/expected.hpp>

#include "hub/app_counters.hpp"
#include "hub/channel.hpp"
#include "hub/channel_registry.hpp"
#include "hub/deferred_reports.hpp"
#include "hub/delivery_timer.hpp"
#include "hub/mail.hpp"
#include "metrics/slots.hpp"

namespace parley::hub {

/// The channels that connections of one loop are subscribed to, kept in step with the registry through the
/// loop's mailbox. Belongs to its loop.
class LoopChannels final : private LoopMailbox::Receiver {
public:
    /// Registers with `registry`, which must outlive it, as must `loop` and `counters`, the loop's own.
    /// Before any loop runs.
    LoopChannels(net::Loop& loop, std::size_t loop_index, ChannelRegistry& registry,
                 metrics::Slots<AppCounters>& counters);
    ~LoopChannels();
    LoopChannels(const LoopChannels&) = delete;
    LoopChannels& operator=(const LoopChannels&) = delete;

    /// Subscribes a session that is not subscribed yet; what a newcomer is told, the answer first, is queued
    /// when this returns. `presence` is given for presence channels, else null.
    [[nodiscard]] tl::expected<void, ChannelRegistry::JoinError> subscribe(
        const App& app, Session& session, std::string_view channel, const pusher::PresenceData* presence);

    /// Has the events to a user reach `session`, which has just signed in as the user and as nobody before;
    /// `answer` is queued ahead of them when this returns. The session is subscribed to the user's channel.
    void sign_in(const App& app, Session& session, std::string_view user_id,
                 websocket::PreparedMessage answer);

    /// Ends a subscription of `session`.
    void unsubscribe(Session& session, const Subscription& subscription);

    /// Ends all of them.
    void unsubscribe_all(Session& session);

    /// The session's subscription to `channel`, or null. Borrowed until subscriptions change.
    [[nodiscard]] const Subscription* find(const App& app, Session& session, std::string_view channel) const;

    /// A muted subscription is sent nothing more. Whoever mutes one unsubscribes it within the turn.
    static void mute(const Subscription& subscription);
    [[nodiscard]] static bool muted(const Subscription& subscription);

    /// Calls `function` on the loop's thread, after the delivery of all that was published before and ahead
    /// of what is published later. It may be called within any change of subscriptions, so it must not change
    /// them. Any thread.
    void run_among_mail(std::function<void()> function);

    /// What waits to be delivered here. Any thread.
    [[nodiscard]] std::size_t waiting_bytes() const { return mailbox_.waiting_bytes(); }

private:
    void receive(Mail& mail) override;
    void deliver(const Mail& mail);
    struct Joining {
        LocalChannel& local;
        ChannelRegistry::Welcome welcome;
    };
    [[nodiscard]] tl::expected<Joining, ChannelRegistry::JoinError> join(
        const App& app, Session& session, std::string_view channel, const pusher::PresenceData* presence);
    void drain_with_welcome();
    void write_welcome(std::string_view channel, const ChannelRegistry::Welcome& welcome);
    void attach(LocalChannel& channel, Session& session, const PresenceMember* member);
    void detach(LocalChannel& channel, Session& session);

    std::size_t loop_index_;
    ChannelRegistry& registry_;
    LoopMailbox mailbox_;
    DeferredReports deferred_reports_;
    metrics::Slots<AppCounters>& counters_;
    DeliveryTimer delivery_timer_;
    std::vector<websocket::PreparedMessage> welcome_;  // to the session that is being subscribed
    std::unordered_map<ChannelKey, std::unique_ptr<LocalChannel>, ChannelKeyHash>
        channels_;  // keys are the names within
};

}  // namespace parley::hub
