// Measures a whole server under load: sending, reading, and the figures that the chat promises.

#include <csignal>
#include <exception>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "options.hpp"
#include "poller.hpp"

namespace parley::load {
namespace {

void add_common(CLI::App& command, Options& options) {
    command.add_option("--parley", options.program, "The program to measure")->capture_default_str();
    command.add_option("--folder", options.folder, "Where databases are made and removed again")
        ->capture_default_str();
    command.add_flag("--postgresql", options.postgresql, "On a PostgreSQL server of its own, not on SQLite");
    command.add_option("--seconds", options.seconds, "Length of each measurement")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("server-flags", options.server_flags, "Further flags of parley serve, after --");
}

void add_url(CLI::App& command, Options& options) {
    command.add_option("--url", options.url,
                       "A server that runs already, without limits on messages, requests and registrations");
    command.add_option("--app-key", options.app_key, "Its app's key")->capture_default_str();
}

void add_commands(CLI::App& program, Options& options) {
    auto& send = *program.add_subcommand("send", "Messages from everybody to somebody of their own");
    add_common(send, options);
    add_url(send, options);
    send.add_option("--clients", options.clients, "How many send")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    send.add_option("--rate", options.rate, "Messages a second in all; 0: as fast as answers come")
        ->check(CLI::NonNegativeNumber);
    send.add_flag("--then-half", options.then_half, "Afterwards the same at half of the rate reached");
    send.callback([&options] { measure_sending(options); });

    auto& read = *program.add_subcommand("read", "History, lists, search and sync in a large database");
    add_common(read, options);
    read.add_option("--messages", options.messages, "How many there are")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    read.add_option("--conversations", options.conversations, "Of the user who reads")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    read.callback([&options] { measure_reading(options); });

    auto& figures = *program.add_subcommand("figures", "50 clients and 100 messages a second");
    add_common(figures, options);
    add_url(figures, options);
    figures.callback([&options] { measure_figures(options); });
}

int run(int argument_count, char** arguments) {
    const auto own = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    Options options{.program = own / "parley", .folder = std::filesystem::temp_directory_path()};
    CLI::App program("Measures a Parley server under load.", "parley-load");
    program.require_subcommand(1);
    add_commands(program, options);
    std::signal(SIGINT, &interrupt);
    std::signal(SIGTERM, &interrupt);
    try {
        program.parse(argument_count, arguments);
        return 0;
    } catch (const CLI::ParseError& error) {
        return program.exit(error);
    } catch (const std::exception& error) {
        fmt::print(stderr, "parley-load: {}\n", error.what());
        return 1;
    }
}

}  // namespace
}  // namespace parley::load

int main(int argument_count, char** arguments) { return parley::load::run(argument_count, arguments); }
