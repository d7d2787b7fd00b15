#include "hub/session.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "hub/client_event_check.hpp"
#include "hub/hub.hpp"
#include "hub/loop_hub.hpp"
#include "hub/subscription_check.hpp"
#include "pusher/channel_name.hpp"
#include "pusher/server_message.hpp"

namespace parley::hub {

namespace {

// What of a peer's text is repeated to it or logged.
constexpr std::size_t quoted_bytes_max = 200;
constexpr std::size_t logged_bytes_max = 500;

/// `text` with a full stop, unless it is a whole sentence already.
std::string with_full_stop(std::string text) {
    if (!text.ends_with('.')) text += '.';
    return text;
}

/// `half` behind its subject as a sentence of its own.
std::string as_sentence(std::string_view half) {
    std::string sentence(half);
    if (!sentence.empty() && sentence[0] >= 'a' && sentence[0] <= 'z')
        sentence[0] = static_cast<char>(sentence[0] - 'a' + 'A');
    return with_full_stop(std::move(sentence));
}

std::string subscription_error(std::string_view channel, const SubscriptionRefusal& refusal) {
    // In full: clients look their channel up by it.
    return pusher::subscription_error_message(channel, *refusal.type, as_sentence(refusal.sentence),
                                              refusal.status);
}

std::string error_of_subscription(std::string_view channel, const SubscriptionRefusal& refusal) {
    return pusher::error_message(
        refusal.code, fmt::format("Subscription to {} refused: {}", truncate_utf8(channel, quoted_bytes_max),
                                  with_full_stop(refusal.sentence)));
}

}  // namespace

Session::Session(LoopHub& loop_hub, const App& app, websocket::Connection& connection,
                 pusher::SocketId socket_id)
    : loop_hub_(loop_hub), app_(app), connection_(connection), socket_id_(socket_id) {
    loop_hub_.sessions().add(*this);
}

Session::~Session() = default;

void Session::greet() {
    if (log::enabled(log::Level::debug))  // the peer's address costs a system call
        log::debug("connection_opened", {{"app_id", app_.id},
                                         {"socket_id", to_string(socket_id_)},
                                         {"peer", connection_.stream().peer_address()}});
    send(pusher::connection_established_message(socket_id_, app_.limits.activity_timeout));
    if (app_.require_authorized_connections) loop_hub_.deadlines().set(*this);
}

void Session::enter(std::string_view channel, std::span<const websocket::PreparedMessage> welcome) {
    auto& control = loop_hub_.control();
    if (const auto* const reason = control.reason_barred(socket_id_, channel))
        return control.end_subscription(*this, channel, *reason);
    for (const auto& message : welcome) deliver(message);
}

void Session::report_end(std::string_view channel, const SubscriptionRefusal& reason) {
    log_refusal("subscription_ended", channel, reason);
    send(reason.type ? subscription_error(channel, reason) : error_of_subscription(channel, reason));
}

void Session::deliver(const websocket::PreparedMessage& message) {
    if (connection_.send(message) == net::Queued::over_limit) cut_off_slow_consumer();
}

void Session::close(pusher::CloseCode code, std::string_view sentence) {
    send(pusher::error_message(code, sentence));
    connection_.close(static_cast<std::uint16_t>(code), sentence);
}

bool Session::belongs_to(std::string_view user_id) const {
    if (user_ && user_->id == user_id) return true;
    return std::ranges::any_of(subscriptions_, [&](const Subscription& subscription) {
        return subscription.member != nullptr && subscription.member->user_id == user_id;
    });
}

void Session::on_message(websocket::MessageKind kind, std::string_view payload) {
    if (kind == websocket::MessageKind::binary)
        return connection_.close(static_cast<std::uint16_t>(pusher::CloseCode::unsupported_data),
                                 "Binary messages are not part of the protocol.");
    std::visit([this](const auto& message) { act_on(message); }, loop_hub_.reader().read(payload));
}

void Session::on_silence() {
    close(pusher::CloseCode::no_pong, "The client did not answer a ping in time (limits.pong_timeout).");
}

void Session::on_closing() { loop_hub_.depart_in_turn(*this); }

void Session::on_end() {
    if (log::enabled(log::Level::debug))
        log::debug("connection_closed", {{"app_id", app_.id}, {"socket_id", to_string(socket_id_)}});
    loop_hub_.watchlists().forget(*this);
    loop_hub_.channels().unsubscribe_all(*this);
    loop_hub_.sessions().remove(*this);
    loop_hub_.control().forget(socket_id_);
    loop_hub_.deadlines().lift(socket_id_);
    loop_hub_.hub().end_connection(app_, socket_id_);
}

void Session::act_on(const pusher::Ping& /*ping*/) { send(pusher::pong_message); }

void Session::act_on(const pusher::Subscribe& request) {
    if (const auto user_id = pusher::user_of_server_to_user_channel(request.channel))
        return subscribe_to_user(request.channel, *user_id);
    if (const auto* const reason = loop_hub_.control().reason_barred(socket_id_, request.channel))
        return refuse(request.channel, barred(request.channel, *reason));
    auto& channels = loop_hub_.channels();
    if (channels.find(app_, *this, request.channel) != nullptr)
        return report_error(fmt::format("Existing subscription to channel {}", request.channel));

    const auto channel_count = subscriptions_.size() - (user_ ? 1 : 0);
    const auto member =
        check_subscription({app_, loop_hub_.credentials(app_), socket_id_, channel_count, user_.get()},
                           request, loop_hub_.parser());
    if (!member) return refuse(request.channel, member.error());
    if (*member &&
        !presence_leaves_.has_room(loop_hub_.loop().now_ms(), app_.limits.max_presence_rejoins_per_second))
        return refuse(request.channel, too_many_rejoins(app_));
    const auto subscribed = channels.subscribe(app_, *this, request.channel, *member ? &**member : nullptr);
    if (!subscribed) return refuse(request.channel, presence_channel_full(app_, request.channel));
    if (pusher::needs_auth(pusher::classify(request.channel))) note_authorised();
}

/// A user's own channel, which needs no signature but a sign-in. Its events come in any case, so that only
/// the answer is missing.
void Session::subscribe_to_user(std::string_view channel, std::string_view user_id) {
    if (!user_ || user_->id != user_id) return refuse(channel, not_signed_in_as_user());
    if (std::exchange(user_->subscribed, true))
        return report_error(fmt::format("Existing subscription to channel {}", channel));
    send(pusher::subscription_succeeded_message(channel));
}

void Session::act_on(const pusher::Unsubscribe& request) {
    if (const auto user_id = pusher::user_of_server_to_user_channel(request.channel)) {
        if (user_ && user_->id == *user_id) user_->subscribed = false;
        return;
    }
    auto& channels = loop_hub_.channels();
    const auto* subscription = channels.find(app_, *this, request.channel);
    if (subscription == nullptr) return;
    // Leaving is always possible; what is counted here decides whether the next presence channel may be
    // joined.
    if (subscription->member != nullptr)
        static_cast<void>(
            presence_leaves_.admit(loop_hub_.loop().now_ms(), app_.limits.max_presence_rejoins_per_second));
    channels.unsubscribe(*this, *subscription);
}

void Session::act_on(const pusher::ClientEvent& event) {
    const auto* subscription = loop_hub_.channels().find(app_, *this, event.channel);
    const auto subscribed = subscription == nullptr ? IsSubscribed::no : IsSubscribed::yes;
    if (const auto reason = why_refused(app_, event, subscribed)) return report_error(*reason);
    if (!client_events_.admit(loop_hub_.loop().now_ms(), app_.limits.max_client_events_per_second))
        return report_error(
            fmt::format("More than limits.max_client_events_per_second, {}, client events in a second.",
                        app_.limits.max_client_events_per_second),
            pusher::CloseCode::client_event_rate);

    std::optional<std::string_view> user_id;
    if (subscription != nullptr && subscription->member != nullptr) user_id = subscription->member->user_id;
    const auto published = loop_hub_.hub().publish_client_event(app_, event, user_id, socket_id_);
    if (!published) report_error("The server is overloaded; the client event was not delivered.");
}

void Session::act_on(const pusher::SignIn& request) {
    const auto user = check_sign_in({app_, loop_hub_.credentials(app_), socket_id_, user_.get()}, request,
                                    loop_hub_.parser());
    if (user) return finish_sign_in(*user, request.user_data);
    if (logged_refusals_.admit(loop_hub_.loop().now_ms(), app_.limits.max_error_replies_per_second))
        log::info("sign_in_refused", {{"app_id", app_.id},
                                      {"socket_id", to_string(socket_id_)},
                                      {"reason", user.error().sentence},
                                      {"compared", truncate_utf8(user.error().compared, logged_bytes_max)}});
    send(pusher::error_message(pusher::CloseCode::unauthorised, user.error().sentence));
}

void Session::finish_sign_in(const pusher::UserData& user, std::string_view user_data) {
    auto answer = loop_hub_.hub().registry().encoding().prepare(pusher::signin_success_message(user_data));
    if (user_) {
        user_->user_info = user.user_info;
        deliver(answer);
    } else {
        user_ = std::make_unique<SignedInUser>(SignedInUser{.id = user.id, .user_info = user.user_info});
        loop_hub_.channels().sign_in(app_, *this, user.id, std::move(answer));
    }
    note_authorised();
    if (!app_.watchlist_events) return;
    loop_hub_.watchlists().watch(*this, user.watchlist);
    if (exceeds(user.watchlist_size, app_.limits.max_watchlist_size))
        report_error(fmt::format("The watchlist has {} ids, limits.max_watchlist_size is {}; the first ones "
                                 "are watched.",
                                 user.watchlist_size, app_.limits.max_watchlist_size),
                     pusher::CloseCode::watchlist_limit);
}

/// It need not be closed for want of a proof.
void Session::note_authorised() {
    if (app_.require_authorized_connections) loop_hub_.deadlines().lift(socket_id_);
}

void Session::act_on(const pusher::Refusal& refusal) { report_error(refusal.sentence); }

void Session::send(std::string_view message) {
    if (connection_.send_text(message) == net::Queued::over_limit) cut_off_slow_consumer();
}

void Session::report_error(std::string_view sentence, std::optional<pusher::CloseCode> code) {
    if (!error_replies_.admit(loop_hub_.loop().now_ms(), app_.limits.max_error_replies_per_second)) return;
    log::info("message_refused",
              {{"app_id", app_.id}, {"socket_id", to_string(socket_id_)}, {"reason", sentence}});
    send(pusher::error_message(code, sentence));
}

void Session::refuse(std::string_view channel, const SubscriptionRefusal& refusal) {
    log_refusal("subscription_refused", channel, refusal);
    if (refusal.type) send(subscription_error(channel, refusal));
    send(error_of_subscription(channel, refusal));
}

void Session::log_refusal(std::string_view name, std::string_view channel,
                          const SubscriptionRefusal& refusal) {
    // A client that has a hundred channels gets a hundred answers, but the log only some of its lines.
    if (!logged_refusals_.admit(loop_hub_.loop().now_ms(), app_.limits.max_error_replies_per_second)) return;
    log::info(name, {{"app_id", app_.id},
                     {"socket_id", to_string(socket_id_)},
                     {"channel", truncate_utf8(channel, quoted_bytes_max)},
                     {"reason", refusal.sentence},
                     {"compared", truncate_utf8(refusal.compared, logged_bytes_max)}});
}

void Session::cut_off_slow_consumer() {
    if (connection_.closing()) return;
    constexpr auto code = pusher::CloseCode::over_capacity;
    log::warning("slow_consumer", {{"app_id", app_.id},
                                   {"socket_id", to_string(socket_id_)},
                                   {"peer", connection_.stream().peer_address()},
                                   {"pending_bytes", connection_.stream().pending_bytes()},
                                   {"setting", "limits.max_backpressure"}});
    connection_.close_dropping_unsent(static_cast<std::uint16_t>(code),
                                      "The connection reads too slowly (limits.max_backpressure).");
}

}  // namespace parley::hub
