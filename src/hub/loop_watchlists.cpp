#include "hub/loop_watchlists.hpp"

#include <utility>

#include "hub/session.hpp"
#include "pusher/server_message.hpp"

namespace parley::hub {

LoopWatchlists::~LoopWatchlists() = default;

void LoopWatchlists::watch(Session& session, std::span<const std::string> user_ids) {
    forget(session);
    if (user_ids.empty()) return;
    auto& list = lists_[&session];
    for (const auto& user_id : user_ids) {
        auto& watched = find_or_create(session.app(), user_id);
        watched.sessions.insert(&session);
        list.push_back(&watched);
    }
    tell_present_state(session, list);
}

void LoopWatchlists::forget(Session& session) {
    const auto list = lists_.find(&session);
    if (list == lists_.end()) return;
    for (auto* const watched : list->second) {
        watched->sessions.erase(&session);
        if (!watched->sessions.empty()) continue;
        registry_.unwatch_user(loop_index_, watched->app, watched->user_id);
        watched_.erase(watched->key());
    }
    lists_.erase(list);
}

LoopWatchlists::Watched& LoopWatchlists::find_or_create(const App& app, const std::string& user_id) {
    auto channel = pusher::server_to_user_channel(user_id);
    if (const auto found = watched_.find({app.index, channel}); found != watched_.end())
        return *found->second;
    auto created = std::make_unique<Watched>(Watched{app, user_id, std::move(channel)});
    auto& watched = *created;
    watched_.emplace(watched.key(), std::move(created));
    watched.told = registry_.watch_user(loop_index_, app, user_id, *this);
    return watched;
}

void LoopWatchlists::tell_present_state(Session& session, std::span<Watched* const> list) const {
    std::vector<std::string_view> online;
    std::vector<std::string_view> offline;
    for (const auto* const watched : list)
        (watched->told == UserState::online ? online : offline).push_back(watched->user_id);
    session.tell(registry_.encoding().prepare(pusher::watchlist_events_message(online, offline)));
}

void LoopWatchlists::user_changed(const App& app, const std::string& user_id, UserState state) {
    const auto found = watched_.find({app.index, pusher::server_to_user_channel(user_id)});
    if (found == watched_.end()) return;  // nobody watches any more; this was under way
    auto& watched = *found->second;
    if (state == UserState::online) {
        // Who is back before the others heard of the departure was never away.
        watched.offline_at_ms.reset();
        if (watched.told == UserState::offline) tell(watched, UserState::online);
    } else if (watched.told == UserState::online) {
        expect_departure(watched);
    }
}

void LoopWatchlists::expect_departure(Watched& watched) {
    const auto due_ms = loop_.now_ms() + offline_delay_ms;
    watched.offline_at_ms = due_ms;
    departures_.push_back({due_ms, watched.app.index, watched.channel});
    if (!waiting()) loop_.set_timer(*this, offline_delay_ms);
}

void LoopWatchlists::on_timer() {
    while (!departures_.empty() && departures_.front().due_ms <= loop_.now_ms()) {
        const auto departure = std::move(departures_.front());
        departures_.pop_front();
        const auto found = watched_.find({departure.app_index, departure.channel});
        if (found != watched_.end() && found->second->offline_at_ms == departure.due_ms)
            tell(*found->second, UserState::offline);
    }
    if (!departures_.empty()) loop_.set_timer(*this, departures_.front().due_ms - loop_.now_ms());
}

/// Tells all who watch.
void LoopWatchlists::tell(Watched& watched, UserState state) const {
    watched.told = state;
    watched.offline_at_ms.reset();
    const std::string_view user_id = watched.user_id;
    const std::span<const std::string_view> whom(&user_id, 1);
    const auto message =
        registry_.encoding().prepare(state == UserState::online ? pusher::watchlist_events_message(whom, {})
                                                                : pusher::watchlist_events_message({}, whom));
    for (auto* const session : watched.sessions) session->tell(message);
}

}  // namespace parley::hub
