#include "hub/loop_channels.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "hub/session.hpp"

namespace parley::hub {

namespace {

/// Where in the session's list its subscription to `channel` is; empty when there is none. Looks through the
/// shorter of both lists, so that neither a session on very many channels nor a channel with very many
/// subscribers makes it slow.
std::optional<std::size_t> position_of(const LocalChannel& channel, Session& session) {
    const auto& subscriptions = session.subscriptions();
    const auto& subscribers = channel.subscribers;
    if (subscriptions.size() <= subscribers.size()) {
        const auto found = std::find_if(subscriptions.begin(), subscriptions.end(),
                                        [&](const Subscription& entry) { return entry.channel == &channel; });
        if (found == subscriptions.end()) return std::nullopt;
        return static_cast<std::size_t>(found - subscriptions.begin());
    }
    const auto found =
        std::find_if(subscribers.begin(), subscribers.end(),
                     [&](const LocalChannel::Entry& entry) { return entry.session == &session; });
    if (found == subscribers.end()) return std::nullopt;
    return found->position;
}

}  // namespace

LoopChannels::LoopChannels(net::Loop& loop, std::size_t loop_index, ChannelRegistry& registry,
                           metrics::Slots<AppCounters>& counters)
    : loop_index_(loop_index),
      registry_(registry),
      mailbox_(loop, *this),
      deferred_reports_(loop, registry),
      counters_(counters),
      delivery_timer_(loop) {
    registry_.add_loop(mailbox_);
}

LoopChannels::~LoopChannels() = default;

tl::expected<void, ChannelRegistry::JoinError> LoopChannels::subscribe(const App& app, Session& session,
                                                                       std::string_view channel,
                                                                       const pusher::PresenceData* presence) {
    const auto joining = join(app, session, channel, presence);
    if (!joining) return tl::unexpected(joining.error());
    write_welcome(joining->local.name, joining->welcome);
    drain_with_welcome();
    return {};
}

void LoopChannels::sign_in(const App& app, Session& session, std::string_view user_id,
                           websocket::PreparedMessage answer) {
    const auto joining = join(app, session, pusher::server_to_user_channel(user_id), nullptr);
    PARLEY_CHECK(joining, "the channel of a user is full");
    welcome_.push_back(std::move(answer));
    drain_with_welcome();
}

/// Makes `session` a subscriber; its mail to say so waits.
auto LoopChannels::join(const App& app, Session& session, std::string_view channel,
                        const pusher::PresenceData* presence)
    -> tl::expected<Joining, ChannelRegistry::JoinError> {
    const auto found = channels_.find({app.index, channel});
    auto created =
        found == channels_.end() ? std::make_unique<LocalChannel>(app, std::string(channel)) : nullptr;
    LocalChannel& local = created ? *created : *found->second;
    auto joined = registry_.join({loop_index_, local, session, presence});
    if (!joined) return tl::unexpected(joined.error());
    if (created) channels_.emplace(local.key(), std::move(created));
    deferred_reports_.add({.count_ms = joined->count_due_ms}, app, channel);
    return Joining{local, std::move(*joined)};
}

/// Receives all mail, among it that of the session that was joined last, which is told `welcome_`.
void LoopChannels::drain_with_welcome() {
    mailbox_.drain();
    welcome_.clear();
}

/// Made here and not under the registry's lock: a list of 10,000 members takes 5 ms to write.
void LoopChannels::write_welcome(std::string_view channel, const ChannelRegistry::Welcome& welcome) {
    const auto kind = pusher::classify(channel);
    const auto& encoding = registry_.encoding();
    welcome_.push_back(encoding.prepare(
        pusher::is_presence(kind) ? pusher::presence_succeeded_message(channel, views_of(welcome.members))
                                  : pusher::subscription_succeeded_message(channel)));
    if (pusher::is_cache(kind))
        welcome_.push_back(welcome.cached ? *welcome.cached
                                          : encoding.prepare(pusher::cache_miss_message(channel)));
    if (welcome.subscription_count)
        welcome_.push_back(
            encoding.prepare(pusher::subscription_count_message(channel, *welcome.subscription_count)));
}

void LoopChannels::unsubscribe(Session& session, const Subscription& subscription) {
    const LocalChannel& channel = *subscription.channel;
    deferred_reports_.add(registry_.leave({loop_index_, subscription, session}), channel.app, channel.name);
    mailbox_.drain();  // the channel may be gone after this
}

void LoopChannels::unsubscribe_all(Session& session) {
    while (!session.subscriptions().empty()) unsubscribe(session, session.subscriptions().back());
}

const Subscription* LoopChannels::find(const App& app, Session& session, std::string_view channel) const {
    const auto found = channels_.find({app.index, channel});
    if (found == channels_.end()) return nullptr;
    const auto position = position_of(*found->second, session);
    return position ? &session.subscriptions()[*position] : nullptr;
}

void LoopChannels::mute(const Subscription& subscription) {
    subscription.channel->subscribers[subscription.position].muted = true;
}

bool LoopChannels::muted(const Subscription& subscription) {
    return subscription.channel->subscribers[subscription.position].muted;
}

void LoopChannels::run_among_mail(std::function<void()> function) {
    mailbox_.push({.kind = Mail::Kind::run,
                   .function = std::make_shared<const std::function<void()>>(std::move(function))});
}

void LoopChannels::receive(Mail& mail) {
    switch (mail.kind) {
        case Mail::Kind::deliver:
            return deliver(mail);
        case Mail::Kind::joined:
            attach(*mail.channel, *mail.session, mail.member);
            mail.session->enter(mail.channel->name, welcome_);
            return;
        case Mail::Kind::left:
            detach(*mail.channel, *mail.session);
            return;
        case Mail::Kind::run:
            (*mail.function)();
            return;
    }
}

void LoopChannels::deliver(const Mail& mail) {
    std::uint64_t delivered = 0;
    for (const auto& entry : mail.channel->subscribers) {
        if (entry.muted || entry.session->socket_id().packed() == mail.except) continue;
        if (entry.session->deliver(mail.message)) ++delivered;
    }
    // Counted once and not for each subscriber.
    auto& counters = counters_.of(mail.channel->app.index);
    counters.messages_sent.add(delivered);
    counters.bytes_sent.add(delivered * mail.message.payload_bytes());
    if (mail.published_us != 0 && delivered > 0) delivery_timer_.note(counters, mail.published_us);
}

void LoopChannels::attach(LocalChannel& channel, Session& session, const PresenceMember* member) {
    auto& subscriptions = session.subscriptions();
    const auto position = static_cast<std::uint32_t>(channel.subscribers.size());
    channel.subscribers.push_back({&session, static_cast<std::uint32_t>(subscriptions.size())});
    subscriptions.push_back({&channel, member, position});
    counters_.of(channel.app.index).subscriptions.add();
}

void LoopChannels::detach(LocalChannel& channel, Session& session) {
    const auto index = position_of(channel, session);
    PARLEY_CHECK(index, "a session leaves a channel that it is not on");
    auto& subscriptions = session.subscriptions();
    auto& subscribers = channel.subscribers;
    const auto place = subscriptions[*index].position;
    counters_.of(channel.app.index).unsubscriptions.add();

    // The last of each list takes the free place and is told so in the other list.
    subscribers[place] = subscribers.back();
    subscribers[place].session->subscriptions()[subscribers[place].position].position = place;
    subscribers.pop_back();
    subscriptions[*index] = subscriptions.back();
    subscriptions.pop_back();
    if (*index < subscriptions.size()) {
        const auto& moved = subscriptions[*index];
        moved.channel->subscribers[moved.position].position = static_cast<std::uint32_t>(*index);
    }
    if (subscriptions.empty()) subscriptions = {};
    if (subscribers.empty()) channels_.erase(channel.key());
}

}  // namespace parley::hub
