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

using pusher::RefusalCode;
using pusher::RefusalKind;

constexpr std::size_t quoted_bytes_max = 200;  // of a peer's text that is repeated to it
constexpr std::uint64_t ms_per_s = 1'000;

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

}  // namespace

Session::Session(LoopHub& loop_hub, const App& app, websocket::Connection& connection,
                 pusher::SocketId socket_id)
    : loop_hub_(loop_hub), app_(app), connection_(connection), socket_id_(socket_id) {
    loop_hub_.sessions().add(*this);
}

Session::~Session() = default;

void Session::greet() {
    counters().connections_opened.add();
    if (log::enabled(log::Level::debug))  // the peer's address costs a system call
        log::debug(
            "connection_opened",
            {{"app_id", app_.id}, {"socket_id", to_string(socket_id_)}, {"peer", connection_.client_name()}});
    send(pusher::connection_established_message(socket_id_, app_.limits().activity_timeout));
    if (app_.settings().require_authorized_connections)
        loop_hub_.deadlines().set(
            *this, static_cast<std::uint64_t>(app_.limits().user_authentication_timeout) * ms_per_s);
}

void Session::enter(std::string_view channel, std::span<const websocket::PreparedMessage> welcome) {
    auto& control = loop_hub_.control();
    if (const auto* const reason = control.reason_barred(socket_id_, channel))
        return control.end_subscription(*this, channel, *reason);
    for (const auto& message : welcome) tell(message);
}

void Session::report_end(std::string_view channel, const SubscriptionRefusal& reason) {
    note(channel, reason);
    send(reason.type ? subscription_error(channel, reason) : error_of_subscription(channel, reason));
}

bool Session::deliver(const websocket::PreparedMessage& message) {
    if (connection_.send(message) == net::Queued::accepted) return true;
    cut_off_slow_consumer();
    return false;
}

void Session::tell(const websocket::PreparedMessage& message) {
    if (deliver(message)) count_sent(message.payload_bytes());
}

void Session::refuse(pusher::CloseCode code, RefusalCode reason, std::string_view sentence) {
    note({.kind = RefusalKind::connection, .code = reason, .sentence = std::string(sentence)}, code);
    close(code, told(sentence, reason));
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
    counters().messages_received.add();
    counters().bytes_received.add(payload.size());
    if (kind == websocket::MessageKind::binary)
        return connection_.close(static_cast<std::uint16_t>(pusher::CloseCode::unsupported_data),
                                 "Binary messages are not part of the protocol.");
    if (!admit_message(app_.settings().message_rate)) return;
    std::visit([this](const auto& message) { act_on(message); }, loop_hub_.reader().read(payload));
}

/// Whether another message keeps within the app's rate; else its sender is told, and closed if so set.
bool Session::admit_message(const MessageRate& rate) {
    if (rate.attempts_max == unlimited) return true;
    if (!messages_) messages_ = std::make_unique<LongRateWindow>();
    counters().rate_checks.add();
    if (messages_->admit(loop_hub_.loop().now_ms(), rate.attempts_max, rate.decay_seconds)) return true;
    counters().rate_refusals.add();
    const auto sentence = fmt::format("More than {} messages in {} seconds (rate_limiting).",
                                      rate.attempts_max, rate.decay_seconds);
    report_error({.kind = RefusalKind::message, .code = RefusalCode::message_rate, .sentence = sentence},
                 pusher::CloseCode::client_event_rate);
    if (rate.terminate)
        connection_.close(static_cast<std::uint16_t>(pusher::CloseCode::over_capacity), sentence);
    return false;
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
    counters().connections_closed.add();
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
        return report_error({.kind = RefusalKind::subscription,
                             .code = RefusalCode::already_subscribed,
                             .sentence = fmt::format("Existing subscription to channel {}", request.channel),
                             .channel = std::string(request.channel)});

    const auto channel_count = subscriptions_.size() - (user_ ? 1 : 0);
    auto member = check_subscription(
        {app_, loop_hub_.signers().credentials(app_), socket_id_, channel_count, user_.get()}, request,
        loop_hub_.parser());
    if (!member) {
        auto& refusal = member.error();
        explain({pusher::SuspectAuth::Purpose::subscription, socket_id_, request.channel, request.auth,
                 request.channel_data},
                refusal.reason, refusal.sentence);
        return refuse(request.channel, refusal);
    }
    if (*member &&
        !presence_leaves_.has_room(loop_hub_.loop().now_ms(), app_.limits().max_presence_rejoins_per_second))
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
        return report_error({.kind = RefusalKind::subscription,
                             .code = RefusalCode::already_subscribed,
                             .sentence = fmt::format("Existing subscription to channel {}", channel),
                             .channel = std::string(channel)});
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
            presence_leaves_.admit(loop_hub_.loop().now_ms(), app_.limits().max_presence_rejoins_per_second));
    channels.unsubscribe(*this, *subscription);
}

void Session::act_on(const pusher::ClientEvent& event) {
    const auto refuse_event = [&](RefusalCode reason, std::string sentence,
                                  std::optional<pusher::CloseCode> code = std::nullopt) {
        report_error({.kind = RefusalKind::client_event,
                      .code = reason,
                      .sentence = std::move(sentence),
                      .channel = std::string(event.channel)},
                     code);
    };
    const auto* subscription = loop_hub_.channels().find(app_, *this, event.channel);
    const auto subscribed = subscription == nullptr ? IsSubscribed::no : IsSubscribed::yes;
    if (auto refusal = why_refused(app_.settings(), event, subscribed))
        return refuse_event(refusal->reason, std::move(refusal->sentence));
    const auto per_second_max = app_.limits().max_client_events_per_second;
    if (!admit_client_event(per_second_max))
        return refuse_event(
            RefusalCode::client_event_rate,
            fmt::format("More than limits.max_client_events_per_second, {}, client events in a second.",
                        per_second_max),
            pusher::CloseCode::client_event_rate);

    std::optional<std::string_view> user_id;
    if (subscription != nullptr && subscription->member != nullptr) user_id = subscription->member->user_id;
    const auto published = loop_hub_.hub().publish_client_event(app_, event, user_id, socket_id_);
    if (!published)
        return refuse_event(RefusalCode::overloaded,
                            "The server is overloaded; the client event was not delivered.");
    counters().client_events.add();
}

bool Session::admit_client_event(std::int64_t per_second_max) {
    counters().rate_checks.add(per_second_max == unlimited ? 0 : 1);
    if (client_events_.admit(loop_hub_.loop().now_ms(), per_second_max)) return true;
    counters().rate_refusals.add();
    return false;
}

void Session::act_on(const pusher::SignIn& request) {
    auto user = check_sign_in({app_, loop_hub_.signers().credentials(app_), socket_id_, user_.get()}, request,
                              loop_hub_.parser());
    if (user) return finish_sign_in(*user, request.user_data);
    auto& refusal = user.error();
    explain({pusher::SuspectAuth::Purpose::sign_in, socket_id_, "", request.auth, request.user_data},
            refusal.reason, refusal.sentence);
    const auto sentence = fmt::format("Sign-in refused: {}.", refusal.sentence);
    note({.kind = RefusalKind::sign_in,
          .code = refusal.reason,
          .sentence = sentence,
          .compared = refusal.compared},
         pusher::CloseCode::unauthorised);
    send(pusher::error_message(pusher::CloseCode::unauthorised,
                               told(sentence, refusal.reason, refusal.compared)));
}

void Session::finish_sign_in(const pusher::UserData& user, std::string_view user_data) {
    auto answer = loop_hub_.hub().registry().encoding().prepare(pusher::signin_success_message(user_data));
    if (user_) {
        user_->user_info = user.user_info;
        tell(answer);
    } else {
        user_ = std::make_unique<SignedInUser>(SignedInUser{.id = user.id, .user_info = user.user_info});
        loop_hub_.channels().sign_in(app_, *this, user.id, std::move(answer));
    }
    note_authorised();
    if (!app_.settings().watchlist_events) return;
    loop_hub_.watchlists().watch(*this, user.watchlist);
    if (exceeds(user.watchlist_size, app_.limits().max_watchlist_size))
        report_error(
            {.kind = RefusalKind::sign_in,
             .code = RefusalCode::watchlist_too_long,
             .sentence = fmt::format("The watchlist has {} ids, limits.max_watchlist_size is {}; the "
                                     "first ones are watched.",
                                     user.watchlist_size, app_.limits().max_watchlist_size)},
            pusher::CloseCode::watchlist_limit);
}

/// It need not be closed for want of a proof.
void Session::note_authorised() {
    if (app_.settings().require_authorized_connections) loop_hub_.deadlines().lift(socket_id_);
}

void Session::act_on(const pusher::Refusal& refusal) {
    report_error({.kind = RefusalKind::message, .code = refusal.code, .sentence = refusal.sentence});
}

void Session::send(std::string_view message) {
    if (connection_.send_text(message) == net::Queued::over_limit) return cut_off_slow_consumer();
    count_sent(message.size());
}

void Session::report_error(Refused refused, std::optional<pusher::CloseCode> code) {
    if (!error_replies_.admit(loop_hub_.loop().now_ms(), app_.limits().max_error_replies_per_second)) return;
    const auto message = pusher::error_message(code, told(refused.sentence, refused.code));
    note(std::move(refused), code);
    send(message);
}

void Session::refuse(std::string_view channel, const SubscriptionRefusal& refusal) {
    note(channel, refusal);
    if (refusal.type) send(subscription_error(channel, refusal));
    send(error_of_subscription(channel, refusal));
}

std::string Session::subscription_error(std::string_view channel, const SubscriptionRefusal& refusal) const {
    // With the channel in full: clients look it up by that.
    return pusher::subscription_error_message(
        channel, *refusal.type, told(as_sentence(refusal.sentence), refusal.reason, refusal.compared),
        refusal.status);
}

std::string Session::error_of_subscription(std::string_view channel,
                                           const SubscriptionRefusal& refusal) const {
    const auto sentence =
        fmt::format("Subscription to {} refused: {}", truncate_utf8(channel, quoted_bytes_max),
                    with_full_stop(refusal.sentence));
    return pusher::error_message(refusal.code, told(sentence, refusal.reason, refusal.compared));
}

void Session::note(std::string_view channel, const SubscriptionRefusal& refusal) {
    note({.kind = RefusalKind::subscription,
          .code = refusal.reason,
          .status = refusal.status,
          .sentence = as_sentence(refusal.sentence),
          .compared = refusal.compared,
          .channel = std::string(channel)},
         refusal.code);
}

/// Finds out what is behind a signature that does not match; changes nothing if that is not the reason.
void Session::explain(const pusher::SuspectAuth& auth, RefusalCode& reason, std::string& sentence) {
    if (reason != RefusalCode::wrong_signature) return;
    const auto others = loop_hub_.hub().recent_socket_ids();
    auto suspect = auth;
    suspect.others = others;
    const auto diagnosis =
        loop_hub_.diagnoser().diagnose(app_, suspect, loop_hub_.parser(), loop_hub_.loop().now_ms());
    if (!diagnosis) return;
    reason = diagnosis->code;
    sentence.append(": ").append(diagnosis->reason);
}

/// Tells operators. A client that has a hundred channels gets a hundred answers, but the log only some lines.
void Session::note(Refused refused, std::optional<pusher::CloseCode> code) {
    const bool logged =
        logged_refusals_.admit(loop_hub_.loop().now_ms(), app_.limits().max_error_replies_per_second);
    if (code) refused.status = static_cast<int>(*code);
    refused.app_id = app_.id;
    refused.socket_id = to_string(socket_id_);
    refused.peer = connection_.client_name();
    loop_hub_.hub().refusals().add(std::move(refused), RefusalJournal::LogLine(logged));
}

std::string Session::told(std::string_view sentence, RefusalCode reason, std::string_view compared) const {
    return loop_hub_.hub().refusals().told(sentence, reason, compared, app_.id);
}

void Session::cut_off_slow_consumer() {
    if (connection_.closing()) return;
    counters().slow_consumers.add();
    constexpr auto code = pusher::CloseCode::over_capacity;
    log::warning("slow_consumer", {{"app_id", app_.id},
                                   {"socket_id", to_string(socket_id_)},
                                   {"peer", connection_.client_name()},
                                   {"pending_bytes", connection_.stream().pending_bytes()},
                                   {"setting", "limits.max_backpressure"}});
    connection_.close_dropping_unsent(static_cast<std::uint16_t>(code),
                                      "The connection reads too slowly (limits.max_backpressure).");
}

AppCounters& Session::counters() { return loop_hub_.counters().of(app_.index); }

void Session::count_sent(std::size_t payload_bytes) {
    auto& own = counters();
    own.messages_sent.add();
    own.bytes_sent.add(payload_bytes);
}

}  // namespace parley::hub
