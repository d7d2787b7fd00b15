#include "server/chat_options.hpp"

namespace parley::server {

namespace {

chat::Registration registration_of(config::Registration registration) {
    switch (registration) {
        case config::Registration::invite:
            return chat::Registration::invite;
        case config::Registration::off:
            return chat::Registration::off;
        case config::Registration::open:
            break;
    }
    return chat::Registration::open;
}

}  // namespace

chat::Policy chat_policy(const config::Settings& settings) {
    return {.registration = registration_of(settings.chat.registration),
            .join_home_company = settings.chat.join_home_company,
            .self_deposit = settings.money.self_deposit,
            .currency = settings.money.currency,
            .limits = settings.limits};
}

store::Options store_options(const config::Settings& settings) {
    return {.url = settings.database.url,
            .reader_count = settings.database.readers,
            .waiting_tasks_max = static_cast<std::size_t>(settings.limits.max_waiting_database_tasks),
            .patience_ms = settings.database.patience};
}

}  // namespace parley::server
