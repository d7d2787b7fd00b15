#include "server/app_settings.hpp"

#include <utility>

#include "base/log.hpp"

namespace parley::server {

namespace {

hub::ClientEventSource client_event_source(config::ClientEventSource source) {
    switch (source) {
        case config::ClientEventSource::none:
            return hub::ClientEventSource::none;
        case config::ClientEventSource::members:
            return hub::ClientEventSource::members;
        case config::ClientEventSource::all:
            return hub::ClientEventSource::all;
    }
    return hub::ClientEventSource::none;
}

hub::MessageRate message_rate(const config::RateLimiting& limiting) {
    if (!limiting.enabled) return {};
    return {.attempts_max = limiting.max_attempts,
            .decay_seconds = limiting.decay_seconds,
            .terminate = limiting.terminate_on_limit};
}

hub::AppSettings app_settings(const config::App& app, const Limits& server_limits) {
    hub::AppSettings made{.id = app.id,
                          .key = app.key,
                          .secrets = {app.secret},
                          .enabled = app.enabled,
                          .enable_client_messages = app.enable_client_messages,
                          .accept_client_events_from = client_event_source(app.accept_client_events_from),
                          .subscription_count = app.subscription_count,
                          .watchlist_events = app.watchlist_events,
                          .require_authorized_connections = app.require_authorized_connections,
                          .delay_member_removed_messages = app.delay_member_removed_messages,
                          .allowed_origins = app.allowed_origins,
                          .message_rate = message_rate(app.rate_limiting),
                          .limits = config::limits_of(app, server_limits)};
    if (!app.previous_secret.empty()) made.secrets.push_back(app.previous_secret);
    for (const auto& webhook : app.webhooks)
        made.webhooks.push_back({.url = webhook.url,
                                 .event_types = webhook.event_types,
                                 .channel_name_starts_with = webhook.channel_name_starts_with,
                                 .channel_name_ends_with = webhook.channel_name_ends_with,
                                 .headers = webhook.headers});
    return made;
}

}  // namespace

std::vector<hub::AppSettings> make_app_settings(const std::vector<config::App>& apps,
                                                const config::Settings& settings) {
    std::vector<hub::AppSettings> made;
    made.reserve(apps.size());
    for (const auto& app : apps) made.push_back(app_settings(app, settings.limits));
    // The chat's own presence channels hold whole companies.
    if (settings.chat.enabled && !made.empty())
        for (const auto* const pattern : {"presence-chat", "presence-chat.*"})
            made.front().presence_limits.push_back(
                {pattern, settings.chat.presence_members_max, "chat.presence_members_max"});
    return made;
}

void log_changes(const hub::Apps::Changes& changes) {
    const auto log_each = [](std::string_view event, const std::vector<const hub::App*>& apps) {
        for (const auto* const app : apps) log::info(event, {{"app_id", app->id}});
    };
    log_each("app_opened", changes.opened);
    log_each("app_changed", changes.changed);
    log_each("app_disabled", changes.disabled);
    log_each("app_removed", changes.removed);
    for (const auto& id : changes.refused)
        log::warning("app_refused",
                     {{"app_id", id}, {"reason", "There were limits.max_apps apps since the start."}});
}

}  // namespace parley::server
