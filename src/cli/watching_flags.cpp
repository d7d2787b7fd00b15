#include "cli/watching_flags.hpp"

#include <CLI/CLI.hpp>

namespace parley::cli {

namespace {

constexpr std::int64_t refusals_most = 256;  // as many as a server keeps

/// Whether `text` stands in a URL as it is (RFC 3986, section 2.3), as all ids of apps do.
bool is_unreserved(std::string_view text) {
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    return text.find_first_not_of(unreserved) == std::string_view::npos;
}

void add_url(CLI::App& command, std::optional<std::string>& url) {
    command
        .add_option("--url", url,
                    "Second port of the server; without it metrics.host and metrics.port, on this machine")
        ->type_name("URL");
}

}  // namespace

void add_status_flags(CLI::App& command, Status& status) {
    command.add_flag("--json", status.json, "As JSON, as the server answers");
    command.add_flag("--webhooks", status.webhooks, "The last attempts to deliver webhooks instead");
    add_url(command, status.url);
}

void add_top_flags(CLI::App& command, Top& top) {
    command.add_flag("--once", top.once, "Print one picture, of one second, and end");
    add_url(command, top.url);
}

void add_why_flags(CLI::App& command, Why& why) {
    command.add_flag("--json", why.json, "As JSON, as the server answers");
    command.add_flag("--codes", why.codes,
                     "Print what every code means, as docs/troubleshooting.md holds it");
    command.add_option("-n", why.count, "How many at most, the last ones [20]")
        ->type_name("COUNT")
        ->check(CLI::Range(std::int64_t{1}, refusals_most));
    command.add_option("--app", why.app_id, "Of this app only")
        ->type_name("ID")
        ->check([](const std::string& id) { return is_unreserved(id) ? "" : "is no id of an app"; });
    add_url(command, why.url);
}

}  // namespace parley::cli
