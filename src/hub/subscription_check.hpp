#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "hub/app.hpp"
#include "hub/sign_in.hpp"
#include "json/parser.hpp"
#include "pusher/client_message.hpp"
#include "pusher/presence_data.hpp"
#include "pusher/refusal.hpp"
#include "pusher/server_message.hpp"
#include "pusher/signature.hpp"

namespace parley::hub {

/// Why a subscription is refused, and how that is said (channels protocol, "Failed subscriptions").
struct SubscriptionRefusal {
    pusher::RefusalCode reason;
    std::string sentence = {};  // half of one, to stand behind the channel's name, or a whole one
    std::optional<pusher::CloseCode> code = {};              // of pusher:error
    std::optional<pusher::SubscriptionErrorType> type = {};  // empty: no pusher:subscription_error is sent
    int status = 0;                                          // of pusher:subscription_error
    std::string compared = {};  // the string whose signature was wrong (`pusher::as_compared`)
};

/// A connection that asks to subscribe.
struct Subscriber {
    const App& app;
    pusher::Credentials credentials;
    pusher::SocketId socket_id;
    std::size_t channel_count;  // it is subscribed to already
    const SignedInUser* user;   // whom it has signed in as, or null
};

/// Checks all that can be known without looking at the channel: name, signature, member data, number of
/// channels. The value holds the member's data on presence channels. `parser` must not be the one that
/// `request` points into.
[[nodiscard]] tl::expected<std::optional<pusher::PresenceData>, SubscriptionRefusal> check_subscription(
    const Subscriber& subscriber, const pusher::Subscribe& request, json::Parser& parser);

/// The refusal of a user's own channel to anybody else.
[[nodiscard]] SubscriptionRefusal not_signed_in_as_user();

/// The refusal of a connection that keeps joining and leaving presence channels: each time all members hear
/// of it.
[[nodiscard]] SubscriptionRefusal too_many_rejoins(const App& app);

/// The refusal of a user whom a presence channel has no place for.
[[nodiscard]] SubscriptionRefusal presence_channel_full(const App& app, std::string_view channel);

/// The refusal of a connection that has lost the right to a channel (`Control::end_subscriptions`).
[[nodiscard]] SubscriptionRefusal barred(std::string_view channel, std::string_view reason);

}  // namespace parley::hub
