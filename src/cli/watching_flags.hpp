#pragma once

#include "cli/commands.hpp"

namespace CLI {
class App;
}

namespace parley::cli {

/// The flags of `parley status`, of `parley top` and of `parley why`.
void add_status_flags(CLI::App& command, Status& status);
void add_top_flags(CLI::App& command, Top& top);
void add_why_flags(CLI::App& command, Why& why);

}  // namespace parley::cli
