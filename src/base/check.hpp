#pragma once

namespace parley {

/// Ends the process after writing where and what to standard error. For our own mistakes only: nothing
/// that a peer, a disk or a setting can cause.
[[noreturn]] void fail_check(const char* file, int line, const char* condition, const char* reason);

}  // namespace parley

/// An assertion that holds in release builds too.
#define PARLEY_CHECK(condition, reason) \
    ((condition) ? static_cast<void>(0) : ::parley::fail_check(__FILE__, __LINE__, #condition, reason))
