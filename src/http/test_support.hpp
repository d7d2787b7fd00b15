#pragma once

#include <cstdlib>

#include "base/clock.hpp"
#include "http/responder.hpp"
#include "http/router.hpp"
#include "net/loop.hpp"

namespace parley::http::test {

/// The answer of `router` without a connection, a deferred one included; it has some seconds to come.
inline Response answer_of(const Router& router, const Request& request) {
    static const SystemClock clock;
    static net::Loop loop(clock);
    loop.run_once(0);  // makes this thread the loop's
    Deferral deferral(loop, request.method, request.path);
    auto response = router.respond(request, deferral);
    for (int turn = 0; !response && turn < 1'000; ++turn) {
        response = deferral.take_early();
        if (!response) loop.run_once(5);
    }
    if (!response) std::abort();
    return *std::move(response);
}

}  // namespace parley::http::test
