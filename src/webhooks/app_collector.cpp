#include "webhooks/app_collector.hpp"

#include <algorithm>
#include <utility>

#include "webhooks/webhook_filter.hpp"

namespace parley::webhooks {

AppCollector::AppCollector(const hub::App& app, const Limits& limits)
    : app_(app), limits_(limits), presences_(0, 0), misses_(0) {
    std::vector<Request> none;
    follow_settings({}, none);
}

void AppCollector::follow_limits() {
    const auto delays_max = static_cast<std::size_t>(limits_.max_webhook_delays);
    presences_.set_limits(static_cast<std::uint64_t>(limits_.member_removed_delay), delays_max);
    misses_.set_channels_max(delays_max);
}

/// A webhook that stays, perhaps with other headers, keeps what it has collected and knows; what one that is
/// gone has collected is closed.
void AppCollector::follow_settings(Moment now, std::vector<Request>& closed) {
    follow_limits();
    const auto& settings = app_.settings();
    if (settings_ == &settings) return;
    settings_ = &settings;
    std::vector<Hook> hooks;
    for (const auto& webhook : settings.webhooks) {
        auto fingerprint = webhooks::fingerprint(webhook);
        const auto known = std::ranges::find(hooks_, fingerprint, &Hook::fingerprint);
        if (known != hooks_.end()) {
            known->webhook = webhook;
            hooks.push_back(std::move(*known));
            hooks_.erase(known);
        } else {
            hooks.push_back({.webhook = webhook,
                             .fingerprint = std::move(fingerprint),
                             .endpoint = endpoint_of(app_.id, webhook.url),
                             .since_arrival = presences_.last_arrival()});
        }
    }
    for (auto& gone : hooks_)
        if (gone.batch.due_ms()) close(gone, now, closed);
    hooks_ = std::move(hooks);
    presences_.forget_if([this](const Subject& subject) { return !is_wanted(subject); });
}

bool AppCollector::is_wanted(Kind kind, std::string_view channel) const {
    return std::ranges::any_of(hooks_, [&](const Hook& hook) { return wants(hook.webhook, kind, channel); });
}

/// Whether anybody hears of its coming or going.
bool AppCollector::is_wanted(const Subject& subject) const {
    if (subject.user_id)
        return is_wanted(Kind::member_added, subject.channel) ||
               is_wanted(Kind::member_removed, subject.channel);
    return is_wanted(Kind::channel_occupied, subject.channel) ||
           is_wanted(Kind::channel_vacated, subject.channel);
}

void AppCollector::take(const Event& event, Moment now, std::vector<Request>& closed) {
    follow_settings(now, closed);
    const Subject subject{event.channel, event.user_id};
    switch (event.kind) {
        case Kind::channel_occupied:
        case Kind::member_added:
            if (!is_wanted(subject)) return;
            if (const auto arrival = presences_.arrive(subject)) tell(event, arrival, now, closed);
            return;
        case Kind::channel_vacated:
        case Kind::member_removed:
            presences_.depart(subject, now.steady_ms);
            return tell_departed(presences_.take_departed(now.steady_ms), now, closed);
        case Kind::cache_miss:
            if (!is_wanted(event.kind, event.channel) || !misses_.is_first(event.channel, now.steady_ms))
                return;
            [[fallthrough]];
        case Kind::client_event:
        case Kind::subscription_count:
            return tell(event, std::nullopt, now, closed);
    }
}

void AppCollector::advance(Moment now, std::vector<Request>& closed) {
    follow_settings(now, closed);
    tell_departed(presences_.take_departed(now.steady_ms), now, closed);
    for (auto& hook : hooks_)
        if (const auto due_ms = hook.batch.due_ms(); due_ms && *due_ms <= now.steady_ms)
            close(hook, now, closed);
}

void AppCollector::flush(Moment now, std::vector<Request>& closed) {
    follow_settings(now, closed);
    tell_departed(presences_.take_all_departed(), now, closed);
    for (auto& hook : hooks_)
        if (hook.batch.due_ms()) close(hook, now, closed);
}

std::optional<std::uint64_t> AppCollector::next_due_ms() const {
    auto next = presences_.next_due_ms();
    for (const auto& hook : hooks_)
        if (const auto due_ms = hook.batch.due_ms(); due_ms && (!next || *due_ms < *next)) next = due_ms;
    return next;
}

/// `arrival`: of a subject, which webhooks that came later were not told of; they do not hear of its end
/// either.
void AppCollector::tell(const Event& event, std::optional<std::uint64_t> arrival, Moment now,
                        std::vector<Request>& closed) {
    std::string text;
    for (auto& hook : hooks_) {
        if (!wants(hook.webhook, event.kind, event.channel)) continue;
        if (arrival && *arrival <= hook.since_arrival) continue;
        if (text.empty()) text = to_json(event);
        if (hook.batch.is_full_for(text, limits_)) close(hook, now, closed);
        hook.batch.add(text, now, limits_);
    }
}

void AppCollector::tell_departed(const std::vector<Presences::Departed>& departed, Moment now,
                                 std::vector<Request>& closed) {
    for (const auto& [subject, arrival] : departed) {
        const auto kind = subject.user_id ? Kind::member_removed : Kind::channel_vacated;
        tell({.kind = kind, .channel = subject.channel, .user_id = subject.user_id}, arrival, now, closed);
    }
}

void AppCollector::close(Hook& hook, Moment now, std::vector<Request>& closed) const {
    const auto count = hook.batch.event_count();
    closed.push_back({.app_id = app_.id,
                      .webhook = hook.fingerprint,
                      .endpoint = hook.endpoint,
                      .time_ms = now.unix_ms,
                      .event_count = count,
                      .body = hook.batch.close(now.unix_ms)});
}

}  // namespace parley::webhooks
