#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "hub/app.hpp"
#include "hub/app_counters.hpp"
#include "hub/channel.hpp"
#include "hub/rate_window.hpp"
#include "hub/refusal_journal.hpp"
#include "hub/sign_in.hpp"
#include "pusher/client_message.hpp"
#include "pusher/close_code.hpp"
#include "pusher/signature_diagnosis.hpp"
#include "pusher/socket_id.hpp"
#include "websocket/connection.hpp"

namespace parley::hub {

class LoopHub;
struct SubscriptionRefusal;

/// The protocol state of one connection (channels protocol): greets it, does what its messages ask and
/// delivers to it what happens on its channels. Belongs to its loop; owned by its connection.
class Session final : public websocket::MessageHandler {
public:
    /// All must outlive the session.
    Session(LoopHub& loop_hub, const App& app, websocket::Connection& connection, pusher::SocketId socket_id);
    ~Session() override;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Sends the greeting. Once, when the connection can be written to.
    void greet();

    /// It is subscribed to `channel` now: queues what a newcomer is told, the answer first, unless it has
    /// lost the right to it meanwhile.
    void enter(std::string_view channel, std::span<const websocket::PreparedMessage> welcome);

    /// Tells it that a subscription has ended.
    void report_end(std::string_view channel, const SubscriptionRefusal& reason);

    /// Queues a message of a channel; whether it was. A connection that has too much waiting is closed as a
    /// slow consumer. The caller counts what was sent, which is cheaper for many at once.
    bool deliver(const websocket::PreparedMessage& message);

    /// The same for this one alone, counted.
    void tell(const websocket::PreparedMessage& message);

    /// Sends `pusher:error` and a close frame with the same code.
    void close(pusher::CloseCode code, std::string_view sentence);

    /// The same as a refusal, which operators find among the others.
    void refuse(pusher::CloseCode code, pusher::RefusalCode reason, std::string_view sentence);

    /// Whether it has been closed and waits for its peer.
    [[nodiscard]] bool closing() const { return connection_.closing(); }

    [[nodiscard]] pusher::SocketId socket_id() const { return socket_id_; }
    [[nodiscard]] const App& app() const { return app_; }

    /// Whether it has signed in as this user, or is a member of a presence channel as that user. Not while
    /// mail is being received.
    [[nodiscard]] bool belongs_to(std::string_view user_id) const;

    /// Kept by `LoopChannels`.
    [[nodiscard]] std::vector<Subscription>& subscriptions() { return subscriptions_; }

    void on_message(websocket::MessageKind kind, std::string_view payload) override;
    void on_silence() override;
    void on_closing() override;
    void on_end() override;

private:
    friend class SessionList;

    void act_on(const pusher::Ping& ping);
    void act_on(const pusher::Pong& /*pong*/) {}
    void act_on(const pusher::Subscribe& request);
    void act_on(const pusher::Unsubscribe& request);
    void act_on(const pusher::ClientEvent& event);
    void act_on(const pusher::SignIn& request);
    void act_on(const pusher::Refusal& refusal);

    void subscribe_to_user(std::string_view channel, std::string_view user_id);
    void finish_sign_in(const pusher::UserData& user, std::string_view user_data);
    void note_authorised();
    void send(std::string_view message);
    void report_error(Refused refused, std::optional<pusher::CloseCode> code = std::nullopt);
    void refuse(std::string_view channel, const SubscriptionRefusal& refusal);
    void explain(const pusher::SuspectAuth& auth, pusher::RefusalCode& reason, std::string& sentence);
    [[nodiscard]] std::string subscription_error(std::string_view channel,
                                                 const SubscriptionRefusal& refusal) const;
    [[nodiscard]] std::string error_of_subscription(std::string_view channel,
                                                    const SubscriptionRefusal& refusal) const;
    void note(std::string_view channel, const SubscriptionRefusal& refusal);
    void note(Refused refused, std::optional<pusher::CloseCode> code);
    [[nodiscard]] std::string told(std::string_view sentence, pusher::RefusalCode reason,
                                   std::string_view compared = "") const;
    void cut_off_slow_consumer();
    [[nodiscard]] bool admit_client_event(std::int64_t per_second_max);
    [[nodiscard]] bool admit_message(const MessageRate& rate);
    [[nodiscard]] AppCounters& counters();
    void count_sent(std::size_t payload_bytes);

    LoopHub& loop_hub_;
    const App& app_;
    websocket::Connection& connection_;
    std::vector<Subscription> subscriptions_;  // with that to the channel of the user who has signed in
    std::unique_ptr<SignedInUser> user_;       // null until it has signed in
    pusher::SocketId socket_id_;
    RateWindow client_events_;
    RateWindow error_replies_;
    RateWindow presence_leaves_;
    RateWindow logged_refusals_;
    std::unique_ptr<LongRateWindow> messages_;  // null while the app does not limit them
    std::uint32_t position_ = 0;                // in the loop's list of sessions
};

}  // namespace parley::hub
