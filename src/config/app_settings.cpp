#include "config/app_settings.hpp"

#include <array>
#include <string>

#include "config/credential.hpp"
#include "config/setting_kinds.hpp"

namespace parley::config {

namespace {

bool is_not_empty(std::string_view text) { return !text.empty(); }
bool is_anything(std::string_view /*text*/) { return true; }

std::vector<Setting> credential_settings() {
    std::vector<Setting> rows = {
        text_setting("app.id", "Id of the app: the ID of /apps/ID in the HTTP API.", credential_rule(),
                     is_credential, [](auto& settings) -> auto& { return settings.app.id; }),
        text_setting("app.key", "Key of the app, known to every client.", credential_rule(), is_credential,
                     [](auto& settings) -> auto& { return settings.app.key; }),
        text_setting("app.secret", "Secret of the app, with which back ends sign; never sent to a client.",
                     "a text that is not empty", is_not_empty,
                     [](auto& settings) -> auto& { return settings.app.secret; }),
        text_setting("app.previous_secret",
                     "Secret that is valid as well, while back ends change over to app.secret; empty: none.",
                     "a text", is_anything,
                     [](auto& settings) -> auto& { return settings.app.previous_secret; }),
    };
    for (auto& row : rows) row.secret = row.name == "app.secret" || row.name == "app.previous_secret";
    return rows;
}

std::vector<Setting> permission_settings() {
    const std::array<Choice<ClientEventSource>, 3> sources = {{{"none", ClientEventSource::none},
                                                               {"members", ClientEventSource::members},
                                                               {"all", ClientEventSource::all}}};
    return {
        boolean_setting("app.enable_client_messages",
                        "Let members of private and presence channels send client events to each other.",
                        [](auto& settings) -> auto& { return settings.app.enable_client_messages; }),
        choice_setting(
            "app.accept_client_events_from",
            "Whose client events are passed on where app.enable_client_messages lets them: nobody's, "
            "those of a private or presence channel's members, or those of all connections, to "
            "public channels, too.",
            sources, [](auto& settings) -> auto& { return settings.app.accept_client_events_from; }),
        boolean_setting("app.subscription_count",
                        "Tell the subscribers of a channel how many they are, whenever that changes; not on "
                        "presence and encrypted channels.",
                        [](auto& settings) -> auto& { return settings.app.subscription_count; }),
        boolean_setting("app.watchlist_events",
                        "Tell a user who has signed in when users of their watchlist come and go.",
                        [](auto& settings) -> auto& { return settings.app.watchlist_events; }),
        boolean_setting("app.require_authorized_connections",
                        "Close connections that neither sign in nor subscribe to a private or presence "
                        "channel in time.",
                        [](auto& settings) -> auto& { return settings.app.require_authorized_connections; }),
        boolean_setting("app.delay_member_removed_messages",
                        "Tell members of presence channels of a user who has left only when the user has not "
                        "returned within limits.member_removed_delay.",
                        [](auto& settings) -> auto& { return settings.app.delay_member_removed_messages; }),
        list_setting("app.allowed_origins",
                     "Web sites whose pages may connect; empty lets all, and clients that are no browsers "
                     "may in any case.",
                     origin_pattern_rule, is_origin_pattern,
                     [](auto& settings) -> auto& { return settings.app.allowed_origins; }),
    };
}

std::vector<Setting> rate_limiting_settings() {
    return {
        boolean_setting("app.rate_limiting.enabled",
                        "Count every message of a connection and answer those past the limit with "
                        "pusher:error 4301.",
                        [](auto& settings) -> auto& { return settings.app.rate_limiting.enabled; }),
        integer_setting("app.rate_limiting.max_attempts", "How many messages that is.", 1, rate_limiting_most,
                        [](auto& settings) -> auto& { return settings.app.rate_limiting.max_attempts; }),
        integer_setting("app.rate_limiting.decay_seconds", "In how many seconds.", 1, rate_limiting_most,
                        [](auto& settings) -> auto& { return settings.app.rate_limiting.decay_seconds; }),
        boolean_setting(
            "app.rate_limiting.terminate_on_limit", "Close connections past that limit with 4100.",
            [](auto& settings) -> auto& { return settings.app.rate_limiting.terminate_on_limit; }),
    };
}

/// Only two codes make sense there.
Setting connection_limit_code() {
    return {.name = "connection_limit_code",
            .kind = Kind::integer,
            .allowed = "4100 or 4004",
            .description =
                "Code with which connections past limits.max_connections are refused: after 4100 clients "
                "come back, after 4004 they stay away until their page is loaded again.",
            .read = [](const Settings& settings) { return std::to_string(settings.connection_limit_code); },
            .write =
                [](Settings& settings, std::string_view text) {
                    if (text != "4100" && text != "4004") return false;
                    settings.connection_limit_code = text == "4100" ? 4'100 : 4'004;
                    return true;
                }};
}

}  // namespace

std::vector<Setting> app_settings() {
    auto rows = credential_settings();
    for (auto& further : {permission_settings(), rate_limiting_settings()})
        rows.insert(rows.end(), further.begin(), further.end());
    rows.push_back(
        text_setting("apps_database", "File with further apps, which parley app manages; it need not exist.",
                     "a path", is_not_empty, [](auto& settings) -> auto& { return settings.apps_database; }));
    rows.push_back(connection_limit_code());
    return rows;
}

}  // namespace parley::config
