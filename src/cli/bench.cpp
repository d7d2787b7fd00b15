#include "bench/bench.hpp"

#include <unistd.h>

#include <cstdio>

#include <fmt/format.h>

#include "bench/options.hpp"
#include "cli/base_url.hpp"
#include "cli/commands.hpp"
#include "cli/exit_status.hpp"
#include "cli/printable.hpp"
#include "config/apps.hpp"

namespace parley::cli {

namespace {

constexpr const char* clear_line = "\r\x1b[K";

/// Shows how it goes on standard error, where that is a terminal.
bench::ShowProgress progress_shower() {
    if (isatty(STDERR_FILENO) != 1) return [](const bench::Progress&) {};
    return [](const bench::Progress& progress) {
        fmt::print(stderr, "{}{}", clear_line, bench::progress_line(progress));
        std::fflush(stderr);
    };
}

bench::App app_of(const Bench& command, const config::Settings& settings) {
    const auto& app = config::main_app(settings);
    return {.id = app.id,
            .key = command.key.empty() ? app.key : command.key,
            .secret = command.secret.empty() ? app.secret : command.secret};
}

}  // namespace

int run(const Bench& command, const config::Loaded& loaded) {
    const auto options = bench::read_options(command.scenario, command.flags);
    if (!options) return fail(wrong_usage, options.error());
    const auto url = command.url ? parse_base_url(*command.url) : local_url(loaded.settings);
    if (!url) return fail(wrong_usage, url.error());
    if (url->secure)
        return fail(wrong_usage,
                    "bench does not speak TLS: measure over http:// or ws://, behind what ends TLS.");
    const auto address = bench::resolve(url->authority);
    if (!address) return fail(failure, address.error());
    const bench::Target target{.address = *address,
                               .authority = url->authority,
                               .path = url->path,
                               .app = app_of(command, loaded.settings)};

    const auto outcome = bench::measure(*options, target, progress_shower());
    if (isatty(STDERR_FILENO) == 1) fmt::print(stderr, "{}", clear_line);
    if (!outcome) {
        const auto& reason = outcome.error();
        const auto* const end = reason.ends_with('.') ? "" : ".";
        return fail(failure, printable(fmt::format("{}: {}{}", http_url(*url), reason, end)));
    }
    fmt::print("{}", options->json ? bench::json_of(*outcome) + "\n" : bench::table_of(*outcome));
    return bench::is_clean(*outcome) ? success : failure;
}

}  // namespace parley::cli
