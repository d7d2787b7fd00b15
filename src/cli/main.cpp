#include <cstdio>
#include <variant>

#include "base/log.hpp"
#include "cli/command_line.hpp"
#include "cli/exit_status.hpp"

namespace parley::cli {

namespace {

/// The log of a command that people wait for: what goes wrong, for their eyes.
class CommandLog {
public:
    CommandLog() { log::start(log::Level::warning, log::Format::text); }
    ~CommandLog() { log::stop(); }
    CommandLog(const CommandLog&) = delete;
    CommandLog& operator=(const CommandLog&) = delete;
};

/// Runs a command, with the settings if it needs them, so that the others work whatever the settings are.
class Runner {
public:
    explicit Runner(config::Sources& sources) : sources_(sources) {}

    int operator()(const ShowReference& command) const { return run(command); }
    int operator()(const ShowVersion& command) const { return run(command); }

    int operator()(const Serve& command) const { return run_with_settings(command); }

    template <typename Other>
    int operator()(const Other& command) const {
        const CommandLog log;
        return run_with_settings(command);
    }

private:
    template <typename Any>
    int run_with_settings(const Any& command) const {
        sources_.environment = config::process_environment();
        const auto loaded = config::load(sources_);
        if (loaded) return run(command, *loaded);
        for (const auto& sentence : loaded.error()) fail(wrong_usage, sentence);
        return wrong_usage;
    }

    config::Sources& sources_;
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
    return std::visit(parley::cli::Runner(invocation->sources), invocation->command);
}
