#pragma once

#include <cstdlib>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "http/responder.hpp"
#include "http/router.hpp"
#include "net/loop.hpp"

namespace parley::http::test {

/// All requests come from `address`.
class FixedOrigin final : public RequestOrigin {
public:
    std::string peer_address() override { return address; }
    std::optional<std::string> forwarded_for(const Request&) override { return std::nullopt; }

    std::string address = "192.0.2.1";
};

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
