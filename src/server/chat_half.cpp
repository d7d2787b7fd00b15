#include "server/chat_half.hpp"

#include <utility>

#include "base/log.hpp"
#include "chat/attachments_jobs.hpp"
#include "chat/companies.hpp"
#include "chat/idempotency_jobs.hpp"
#include "chat/notification_jobs.hpp"
#include "chat/notifications.hpp"
#include "server/chat_options.hpp"

namespace parley::server {

namespace {

/// As many hash at once as a machine has to spare beside its loops.
constexpr unsigned password_threads = 2;

chat::Throttle::Rate per_second(std::int64_t count, std::int64_t burst) {
    return {.count = count, .period_ms = 1'000, .burst = burst};
}

chat::Throttle::Rate request_rate(const Limits& limits) {
    return per_second(limits.max_chat_requests_per_second, 2 * limits.max_chat_requests_per_second);
}

chat::Throttle::Rate message_rate(const Limits& limits) {
    return per_second(limits.max_messages_per_second, limits.max_message_burst);
}

std::size_t waiting_password_checks_max(const Limits& limits) {
    return static_cast<std::size_t>(limits.max_waiting_password_checks);
}

chat::Broadcaster::Options broadcaster_options(const config::Settings& settings) {
    chat::Broadcaster::Options options;
    options.contracts.clear();
    for (const auto& name : settings.chat.contracts)
        if (const auto contract = chat::contract_named(name)) options.contracts.push_back(*contract);
    options.event_namespace = settings.chat.event_namespace;
    return options;
}

jobs::Options job_options(const config::Settings& settings) {
    jobs::Options options;
    options.lease_ms = static_cast<std::int64_t>(settings.jobs.retry_after) * 1'000;
    options.tries = settings.jobs.tries;
    return options;
}

}  // namespace

tl::expected<std::unique_ptr<ChatHalf>, std::string> ChatHalf::open(const config::Settings& settings,
                                                                    const Clock& clock, hub::Hub& hub,
                                                                    webhooks::Dispatcher& webhooks) {
    auto store = store::Store::open(store_options(settings));
    if (!store) return tl::unexpected(std::move(store.error().message));
    auto files = chat::FileStore::open(settings.chat.attachments);
    if (!files) return tl::unexpected("chat.attachments: " + files.error());
    std::unique_ptr<ChatHalf> half(
        new ChatHalf(settings, clock, hub, webhooks, std::move(*store), std::move(*files)));
    if (!half->prepare())
        return tl::unexpected(std::string("The database could not be prepared; its error is in the log."));
    hub.add_observer(half->sockets_);
    hub.add_observer(half->online_);
    webhooks.use_store(*half->store_, [&queue = half->queue_] { queue.wake(); });
    return half;
}

ChatHalf::ChatHalf(const config::Settings& settings, const Clock& clock, hub::Hub& hub,
                   webhooks::Dispatcher& webhooks, std::unique_ptr<store::Store> store,
                   std::unique_ptr<chat::FileStore> files)
    : clock_(clock),
      webhooks_(webhooks),
      replay_delay_ms_(settings.chat.outbox_replay_delay),
      policy_(chat_policy(settings)),
      allowed_origins_(settings.chat.allowed_origins),
      store_(std::move(store)),
      requests_(request_rate(settings.limits)),
      messages_(message_rate(settings.limits)),
      logins_(chat::login_rate(settings.limits)),
      registrations_(chat::registration_rate(settings.limits)),
      sockets_(hub, *hub.apps().front(), settings.limits.max_sockets_per_user),
      broadcaster_(*store_, hub, *hub.apps().front(), sockets_, broadcaster_options(settings)),
      online_(*store_, clock, *hub.apps().front(),
              [this](chat::PresenceChange change) { broadcaster_.announce(std::move(change)); }),
      passwords_("passwords", password_threads, waiting_password_checks_max(settings.limits)),
      backend_{.store = *store_,
               .clock = clock,
               .policy = policy_,
               .delivery = *this,
               .requests = requests_,
               .allowed_origins = allowed_origins_},
      attachments_(backend_, {.thumbnail_program = chat::Thumbnailer::find_program()}, std::move(files)),
      queue_(*store_, clock, job_handlers(), job_options(settings)),
      sign_in_{.passwords = passwords_, .logins = logins_, .registrations = registrations_},
      services_{.backend = backend_,
                .app = *hub.apps().front(),
                .sockets = sockets_,
                .online = online_,
                .typing = typing_,
                .messages = messages_,
                .sign_in = sign_in_,
                .attachments = attachments_} {}

ChatHalf::~ChatHalf() {
    // Who hands work to the store goes first; all of it stays until the store's threads have ended, which
    // call into it.
    webhooks_.stop(0);
    passwords_.stop();
    attachments_.stop();
    queue_.stop();
    broadcaster_.stop();
    online_.write_all_last_seen();
    store_->close();
    const auto statistics = store_->statistics();
    log::info("store_closed",
              {{"writes", statistics.writes}, {"commits", statistics.commits}, {"reads", statistics.reads}});
}

void ChatHalf::reconfigure(const config::Settings& settings) {
    const auto& limits = settings.limits;
    policy_.set(chat_policy(settings));
    allowed_origins_.set(settings.chat.allowed_origins);
    store_->reconfigure(store_options(settings));
    requests_.set_rate(request_rate(limits));
    messages_.set_rate(message_rate(limits));
    logins_.set_rate(chat::login_rate(limits));
    registrations_.set_rate(chat::registration_rate(limits));
    sockets_.set_sockets_per_user_max(limits.max_sockets_per_user);
    broadcaster_.reconfigure(broadcaster_options(settings));
    passwords_.set_waiting_max(waiting_password_checks_max(limits));
    queue_.reconfigure(job_options(settings));
}

void ChatHalf::listening() { broadcaster_.replay_after(replay_delay_ms_); }

void ChatHalf::deliver(std::vector<chat::Broadcast> broadcasts) {
    broadcaster_.deliver(std::move(broadcasts));
}

void ChatHalf::jobs_added() { queue_.wake(); }

jobs::Handlers ChatHalf::job_handlers() {
    auto deliver = [this](std::vector<chat::Broadcast> broadcasts) {
        broadcaster_.deliver(std::move(broadcasts));
    };
    jobs::Handlers handlers;
    handlers.emplace(webhooks::job_kind, webhooks_.job_handler());
    handlers.emplace(chat::notification_job_kind,
                     chat::message_notification_handler(policy_, std::move(deliver)));
    handlers.emplace(chat::forget_answers_job_kind, chat::forget_answers_handler(policy_));
    handlers.emplace(chat::remove_attachments_job_kind,
                     chat::remove_attachments_handler(policy_, [this](std::vector<std::string> hashes) {
                         attachments_.release(std::move(hashes));
                     }));
    return handlers;
}

/// Whether the home company and the jobs that repeat themselves are there.
bool ChatHalf::prepare() {
    const auto outcome = store_->write_and_wait([this](store::Transaction& transaction) {
        chat::Change change(transaction, policy_.get(), clock_.unix_ms(), "");
        chat::ensure_home_company(change);
        chat::ensure_forget_answers_job(change);
        chat::ensure_remove_attachments_job(change);
        return store::Nothing();
    });
    return outcome.has_value();
}

}  // namespace parley::server
