#include "cli/bench_flags.hpp"

#include <string>

#include <CLI/CLI.hpp>

#include "bench/options.hpp"
#include "cli/help.hpp"

namespace parley::cli {

void add_bench_flags(CLI::App& command, Bench& bench) {
    command.add_option("scenario", bench.scenario, "What is measured: see below")
        ->type_name("SCENARIO")
        ->required();
    command.add_option("--key", bench.key, "Key of the app, in place of the settings'")->type_name("KEY");
    command.add_option("--secret", bench.secret, "Its secret, in place of the settings'")
        ->type_name("SECRET");
    for (const auto& flag : bench::flag_table()) {
        const auto name = std::string(flag.name);
        const auto note = [&bench, name](const std::string& text) { bench.flags.emplace_back(name, text); };
        if (flag.type.empty()) {
            command.add_flag_callback("--" + name, [note] { note("true"); }, std::string(flag.description));
        } else {
            command.add_option_function<std::string>("--" + name, note, std::string(flag.description))
                ->type_name(std::string(flag.type))
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        }
    }
    command.footer(
        bench::scenario_help() + "\n" + other_settings_help() +
        "\n\nThe server is reached over http or ws, not over TLS. Status 1: messages were lost, doubled, "
        "reordered or refused.\n\nExamples:\n"
        "  parley bench fanout --connections 1000 --rate 20\n"
        "  parley bench rooms --connections 2000 --channels 500 --rate 500 --find-max --json");
}

}  // namespace parley::cli
