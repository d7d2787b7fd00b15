#include "cli/exit_status.hpp"

#include <cstdio>

namespace parley::cli {

int fail(int status, std::string_view sentence) {
    std::fprintf(stderr, "parley: %.*s\n", static_cast<int>(sentence.size()), sentence.data());
    return status;
}

}  // namespace parley::cli
