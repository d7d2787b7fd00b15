#include <cstdio>
#include <variant>

#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

namespace parley::cli {

namespace {

/// Runs a command, with the settings if it needs them, so that the others work whatever the settings are.
struct Runner {
    config::Sources& sources;

    int operator()(const ShowReference& command) const { return run(command); }
    int operator()(const ShowVersion& command) const { return run(command); }

    template <typename Other>
    int operator()(const Other& command) const {
        sources.environment = config::process_environment();
        const auto loaded = config::load(sources);
        if (loaded) return run(command, *loaded);
        for (const auto& sentence : loaded.error()) fail(wrong_usage, sentence);
        return wrong_usage;
    }
};

}  // namespace

}  // namespace parley::cli

int main(int argument_count, char** arguments) {
    auto invocation = parley::cli::parse_command_line({arguments + 1, arguments + argument_count});
    if (!invocation) {
        const auto& [status, text] = invocation.error();
        std::fputs(text.c_str(), status == parley::cli::success ? stdout : stderr);
        return status;
    }
    return std::visit(parley::cli::Runner{invocation->sources}, invocation->command);
}
