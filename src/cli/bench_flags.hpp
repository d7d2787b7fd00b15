#pragma once

#include "cli/commands.hpp"

namespace CLI {
class App;
}

namespace parley::cli {

/// Adds the scenario and the flags of `parley bench` to `command`; they are read into `bench`, which must
/// stay where it is while parsing.
void add_bench_flags(CLI::App& command, Bench& bench);

}  // namespace parley::cli
