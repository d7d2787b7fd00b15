#pragma once

#include <functional>

#include "cli/commands.hpp"

namespace CLI {
class App;
}

namespace parley::cli {

/// Adds the commands of `parley app`: `add` makes one with a name and a description below `parley app` and is
/// told what it does; its flags are read into `apps`, which must stay where it is while parsing.
using AddAppCommand =
    std::function<CLI::App&(const char* name, const char* description, Apps::Action action)>;
void add_app_actions(const AddAppCommand& add, Apps& apps);

}  // namespace parley::cli
