#include "hub/subscription_check.hpp"

#include <utility>

#include <fmt/format.h>

namespace parley::hub {

namespace {

using pusher::CloseCode;
using pusher::RefusalCode;
using pusher::SubscriptionErrorType;
using Checked = tl::expected<void, SubscriptionRefusal>;

/// How a channel of that kind is told of an error of `type`.
std::optional<SubscriptionErrorType> type_on(pusher::ChannelKind kind,
                                             std::optional<SubscriptionErrorType> type) {
    // On encrypted channels the Java client would try to decrypt it and report that instead.
    return pusher::is_encrypted(kind) ? std::nullopt : type;
}

Checked check_name(std::string_view channel, const Limits& limits) {
    const auto name =
        pusher::check_channel_name(channel, static_cast<std::size_t>(limits.max_channel_name_length));
    if (name) return {};
    SubscriptionRefusal refusal{.reason = code_of(name.error()),
                                .sentence = "the name " + std::string(describe(name.error()))};
    if (name.error() == pusher::ChannelNameError::too_long) {
        refusal.type = SubscriptionErrorType::limit_reached;
        refusal.status = 4009;
    }
    return tl::unexpected(std::move(refusal));
}

Checked check_signature(const Subscriber& subscriber, const pusher::Subscribe& request) {
    const auto result = pusher::check_channel_auth(
        subscriber.credentials, subscriber.socket_id, request.channel, request.auth, request.channel_data,
        subscriber.user == nullptr ? pusher::SignedIn::no : pusher::SignedIn::yes);
    if (result == pusher::AuthResult::ok) return {};
    const auto failure = explain(result, request.auth, subscriber.app.settings().secrets);
    SubscriptionRefusal refusal{.reason = failure.code,
                                .sentence = std::string(failure.reason),
                                .type = SubscriptionErrorType::auth_error,
                                .status = 401};
    // Missing member data is the client's mistake, not a failed proof, and carries no code.
    if (result != pusher::AuthResult::channel_data_missing) {
        refusal.code = CloseCode::unauthorised;
        refusal.compared = pusher::as_compared(
            pusher::channel_string_to_sign(subscriber.socket_id, request.channel, request.channel_data));
    }
    return tl::unexpected(std::move(refusal));
}

/// Whether the member comes from the sign-in, for want of channel_data.
bool takes_signed_in_user(const Subscriber& subscriber, const pusher::Subscribe& request) {
    return subscriber.user != nullptr && !request.channel_data;
}

Checked check_member_size(const Subscriber& subscriber, const pusher::Subscribe& request) {
    const bool from_user = takes_signed_in_user(subscriber, request);
    const auto size = from_user ? subscriber.user->id.size() + subscriber.user->user_info.size()
                                : request.channel_data.value_or("").size();
    const auto size_max = subscriber.app.limits().max_presence_member_size;
    if (!exceeds(size, size_max)) return {};
    return tl::unexpected(SubscriptionRefusal{
        .reason = RefusalCode::presence_data_too_large,
        .sentence = fmt::format(
            "{} {} bytes, limits.max_presence_member_size is {}",
            from_user ? "id and user_info of the signed-in user have" : "channel_data has", size, size_max),
        .type = SubscriptionErrorType::limit_reached,
        .status = 4301});
}

tl::expected<pusher::PresenceData, SubscriptionRefusal> check_member(const Subscriber& subscriber,
                                                                     const pusher::Subscribe& request,
                                                                     json::Parser& parser) {
    if (takes_signed_in_user(subscriber, request))
        return pusher::PresenceData{subscriber.user->id, subscriber.user->user_info};
    auto data = pusher::parse_presence_data(parser, request.channel_data.value_or(""));
    if (data) return std::move(*data);
    return tl::unexpected(SubscriptionRefusal{.reason = RefusalCode::channel_data_invalid,
                                              .sentence = std::string(describe(data.error())),
                                              .type = SubscriptionErrorType::auth_error,
                                              .status = 401});
}

Checked check_channel_count(const Subscriber& subscriber) {
    const auto count_max = subscriber.app.limits().max_channels_per_connection;
    if (!exceeds(subscriber.channel_count + 1, count_max)) return {};
    return tl::unexpected(SubscriptionRefusal{
        .reason = RefusalCode::channel_limit,
        .sentence = fmt::format("the connection is on {} channels, limits.max_channels_per_connection is {}",
                                subscriber.channel_count, count_max),
        .type = SubscriptionErrorType::limit_reached,
        .status = 4100});
}

}  // namespace

tl::expected<std::optional<pusher::PresenceData>, SubscriptionRefusal> check_subscription(
    const Subscriber& subscriber, const pusher::Subscribe& request, json::Parser& parser) {
    const auto kind = pusher::classify(request.channel);
    // The name comes first: a signature over a name with a colon could have been made for something else.
    Checked checked = check_name(request.channel, subscriber.app.limits());
    if (checked && is_presence(kind)) checked = check_member_size(subscriber, request);
    if (checked && pusher::needs_auth(kind)) checked = check_signature(subscriber, request);
    if (checked) checked = check_channel_count(subscriber);

    std::optional<pusher::PresenceData> member;
    if (checked && pusher::is_presence(kind)) {
        auto data = check_member(subscriber, request, parser);
        if (data) {
            member = std::move(*data);
        } else {
            checked = tl::unexpected(std::move(data.error()));
        }
    }
    if (checked) return member;
    auto refusal = std::move(checked.error());
    refusal.type = type_on(kind, refusal.type);
    return tl::unexpected(std::move(refusal));
}

SubscriptionRefusal not_signed_in_as_user() {
    return {.reason = RefusalCode::not_signed_in,
            .sentence = "the connection is not signed in as that user",
            .code = CloseCode::unauthorised,
            .type = {},
            .status = 0,
            .compared = {}};
}

SubscriptionRefusal too_many_rejoins(const App& app) {
    return {.reason = RefusalCode::rejoin_rate,
            .sentence = fmt::format("the connection has left {} presence channels in this second, "
                                    "limits.max_presence_rejoins_per_second",
                                    app.limits().max_presence_rejoins_per_second),
            .type = SubscriptionErrorType::limit_reached,
            .status = 4100};
}

SubscriptionRefusal presence_channel_full(const App& app, std::string_view channel) {
    const auto members_max = presence_members_max(app.settings(), channel);
    return {.reason = RefusalCode::presence_full,
            .sentence = fmt::format("the channel has {} members, {}", members_max.users, members_max.setting),
            .code = CloseCode::over_capacity,
            .type = SubscriptionErrorType::limit_reached,
            .status = 4100,
            .compared = {}};
}

SubscriptionRefusal barred(std::string_view channel, std::string_view reason) {
    return {.reason = RefusalCode::access_ended,
            .sentence = std::string(reason),
            .code = CloseCode::unauthorised,
            .type = type_on(pusher::classify(channel), SubscriptionErrorType::auth_error),
            .status = 403,
            .compared = {}};
}

}  // namespace parley::hub
