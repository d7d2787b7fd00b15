#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "cli/commands.hpp"

namespace parley::cli {

/// What the user asked for. The environment is not yet among the sources.
struct Invocation {
    Command command;
    config::Sources sources;
};

/// Nothing is to be run: the text says why, or is the help that was asked for.
struct Stop {
    int exit_status;  // success: `text` belongs on standard output, else on standard error
    std::string text;
};

/// Reads the arguments behind the program's name.
[[nodiscard]] tl::expected<Invocation, Stop> parse_command_line(std::vector<std::string> arguments);

}  // namespace parley::cli
