#include <cstdio>

#include "cli/commands.hpp"
#include "cli/exit_status.hpp"

namespace parley::cli {

int run(const ShowVersion& /*command*/) {
    std::puts("parley " PARLEY_VERSION);
    return success;
}

}  // namespace parley::cli
