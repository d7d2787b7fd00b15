#include "hub/loop_control.hpp"

#include <algorithm>
#include <utility>

#include "hub/session.hpp"
#include "hub/subscription_check.hpp"

namespace parley::hub {

namespace {

/// The ends of one socket among sorted ones.
std::span<const SubscriptionEnd> ends_of(std::uint64_t socket, std::span<const SubscriptionEnd> ends) {
    const auto packed = [](const SubscriptionEnd& end) { return end.socket.packed(); };
    const auto found = std::ranges::equal_range(ends, socket, {}, packed);
    return {found.begin(), found.end()};
}

}  // namespace

SocketSearch::SocketSearch(std::span<const pusher::SocketId> sockets)
    : sockets_(sockets.begin(), sockets.end()) {
    std::ranges::sort(sockets_, {}, &pusher::SocketId::packed);
    const auto repeated = std::ranges::unique(sockets_);
    sockets_.erase(repeated.begin(), repeated.end());
    found_.resize(sockets_.size());
}

void SocketSearch::find(pusher::SocketId socket) {
    const auto place = std::ranges::lower_bound(sockets_, socket.packed(), {}, &pusher::SocketId::packed);
    if (place != sockets_.end() && *place == socket)
        found_[static_cast<std::size_t>(place - sockets_.begin())] = 1;
}

std::vector<pusher::SocketId> SocketSearch::missing() const {
    std::vector<pusher::SocketId> missing;
    for (std::size_t i = 0; i < sockets_.size(); ++i)
        if (found_[i] == 0) missing.push_back(sockets_[i]);
    return missing;
}

LoopControl::~LoopControl() = default;

void LoopControl::end_subscriptions(const App& app, std::span<const SubscriptionEnd> ends) {
    for (auto* const session : sessions_.all()) {
        if (session->app().index != app.index) continue;
        for (const auto& end : ends_of(session->socket_id().packed(), ends)) {
            barred_[end.socket].insert_or_assign(end.channel, end.reason);
            end_subscription(*session, end.channel, end.reason);
        }
    }
}

void LoopControl::permit(pusher::SocketId socket, std::string_view channel) {
    const auto barred = barred_.find(socket);
    if (barred == barred_.end()) return;
    if (const auto entry = barred->second.find(channel); entry != barred->second.end())
        barred->second.erase(entry);
    if (barred->second.empty()) barred_.erase(barred);
}

void LoopControl::close_connections(const App& app, std::span<const std::uint64_t> sockets,
                                    pusher::CloseCode code, std::string_view sentence) {
    for (auto* const session : sessions_.all())
        if (session->app().index == app.index &&
            std::ranges::binary_search(sockets, session->socket_id().packed()))
            session->close(code, sentence);
}

void LoopControl::close_user(const App& app, std::string_view user_id, pusher::CloseCode code,
                             std::string_view sentence) {
    // Not at once: a session that is about to leave a channel may have a member no more.
    act_at_turn_end();
    closing_users_.push_back({app, std::string(user_id), code, std::string(sentence)});
}

void LoopControl::close_app(const App& app, pusher::CloseCode code, std::string_view sentence) const {
    for (auto* const session : sessions_.all())
        if (session->app().index == app.index) session->close(code, sentence);
}

void LoopControl::find_sockets(const App& app, SocketSearch& search) const {
    for (const auto* const session : sessions_.all())
        if (session->app().index == app.index) search.find(session->socket_id());
}

const std::string* LoopControl::reason_barred(pusher::SocketId socket, std::string_view channel) const {
    const auto barred = barred_.find(socket);
    if (barred == barred_.end()) return nullptr;
    const auto entry = barred->second.find(channel);
    return entry == barred->second.end() ? nullptr : &entry->second;
}

void LoopControl::end_subscription(Session& session, std::string_view channel, std::string_view reason) {
    const auto* subscription = channels_.find(session.app(), session, channel);
    if (subscription == nullptr || LoopChannels::muted(*subscription)) return;
    LoopChannels::mute(*subscription);
    session.report_end(channel, barred(channel, reason));
    // Not at once: this may be called within the delivery of mail, among which the leaving takes its place.
    act_at_turn_end();
    ending_.push_back({&session, std::string(channel)});
}

void LoopControl::act_at_turn_end() {
    if (ending_.empty() && closing_users_.empty()) loop_.at_turn_end(net::Loop::Phase::mailbox, *this);
}

void LoopControl::run_in_turn() {
    // Both before either is acted on: what is asked for meanwhile takes a turn task of its own.
    const auto closing_users = std::exchange(closing_users_, {});
    for (const auto& ending : std::exchange(ending_, {})) {
        const auto* subscription = channels_.find(ending.session->app(), *ending.session, ending.channel);
        // It may have left by itself in the meantime.
        if (subscription != nullptr && LoopChannels::muted(*subscription))
            channels_.unsubscribe(*ending.session, *subscription);
    }
    for (const auto& closing : closing_users) close_now(closing);
}

void LoopControl::close_now(const UserClosing& closing) const {
    for (auto* const session : sessions_.all())
        if (session->app().index == closing.app.index && session->belongs_to(closing.user_id))
            session->close(closing.code, closing.sentence);
}

}  // namespace parley::hub
