#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace parley {

void fail_check(const char* file, int line, const char* condition, const char* reason) {
    std::fprintf(stderr, "parley: %s:%d: %s does not hold: %s\n", file, line, condition, reason);
    std::abort();
}

}  // namespace parley
