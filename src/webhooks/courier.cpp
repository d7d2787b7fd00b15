#include "webhooks/courier.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "base/url.hpp"
#include "webhooks/webhook_filter.hpp"

namespace parley::webhooks {

void Courier::attempt(const Request& request, std::int64_t number, Decide decide) {
    const auto* const app = apps_.find_app_by_id(request.app_id);
    const auto* const settings = app != nullptr ? &app->settings() : nullptr;
    const hub::Webhook* webhook = nullptr;
    if (settings != nullptr) {
        const auto found = std::ranges::find(settings->webhooks, request.webhook, &fingerprint);
        if (found != settings->webhooks.end()) webhook = &*found;
    }
    if (webhook == nullptr) {
        drops_.add_requests(request.app_id, 1, "Their webhook is not configured any more.",
                            clock_.steady_ms());
        static_cast<void>(decide(Attempted::undeliverable));
        return;
    }
    Attempt attempt{.app_id = request.app_id,
                    .url = url_without_secrets(webhook->url),
                    .event_count = request.event_count,
                    .number = number};
    sender_.send(make_post(*settings, *webhook, request),
                 [this, attempt = std::move(attempt), decide = std::move(decide)](const Answer& answer) {
                     finish(attempt, answer, decide);
                 });
}

void Courier::finish(Attempt attempt, const Answer& answer, const Decide& decide) {
    using Outcome = DeliveryLog::Outcome;
    attempt.at_ms = clock_.unix_ms();
    attempt.duration_ms = answer.duration_ms;
    attempt.status = answer.status;
    attempt.error = answer.error;
    const auto outcome = decide(answer.error.empty() ? Attempted::delivered : Attempted::failed);
    // Each request is told of once, however often it is tried.
    if (outcome == Outcome::will_retry && attempt.number == 1)
        log::warning("webhook_failed",
                     {{"app", attempt.app_id}, {"url", attempt.url}, {"error", attempt.error}});
    if (outcome == Outcome::dropped)
        drops_.add_attempted(attempt.app_id, attempt.url + ": " + attempt.error, clock_.steady_ms());
    log_.record(std::move(attempt), outcome);
}

}  // namespace parley::webhooks
