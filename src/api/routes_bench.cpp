#include <string>

#include <benchmark/benchmark.h>

#include "api/routes.hpp"
#include "base/manual_clock.hpp"
#include "http/test_support.hpp"
#include "hub/hub.hpp"

namespace parley::api {
namespace {

constexpr std::string_view key = "278d425bdf160c739803";
constexpr std::string_view secret = "7ad3773142a6692b25b8";

std::vector<hub::AppSettings> one_app() {
    return {{.id = "3", .key = std::string(key), .secrets = {std::string(secret)}}};
}

/// An event with `data_bytes` of JSON as data, as server libraries send it: JSON in a string.
std::string body_of_event(std::int64_t data_bytes) {
    std::string data;
    while (data.size() < static_cast<std::size_t>(data_bytes)) data += R"(\"name\":\"Ann\",)";
    return R"({"name":"moved","channels":["project-3"],"data":")" + data + R"("})";
}

/// A publish from the parsed request to the answer: route, signature, body, limits. Nobody is subscribed, so
/// that the event is not made into a message; what follows from there is `fan_out` of the hub.
void publish(benchmark::State& state) {
    const ManualClock clock;
    hub::Hub hub(one_app(), {}, clock);
    SharedState shared(1);
    metrics::Slots<hub::AppCounters> counters(1);
    hub::Apps apps(one_app(), 1);
    hub::RefusalJournal journal(apps, clock, hub::RefusalJournal::Audience::strangers);
    PusherApi api({hub, hub, hub, clock, shared, counters, journal}, "", 32);
    http::Router router;
    api.add_routes(router);

    const auto body = body_of_event(state.range(0));
    crypto::HmacSha256 hmac(secret);
    const auto query = pusher::signed_query(pusher::Credentials(key, hmac), "POST", "/apps/3/events", {},
                                            body, clock.unix_ms() / 1'000);
    http::Request request;
    request.method = "POST";
    request.path = "/apps/3/events";
    request.query = query.value();
    request.body = body;
    for (auto _ : state)
        if (http::test::answer_of(router, request).status != 200)
            state.SkipWithError("the publish is refused");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(publish)->Arg(200)->Arg(10'000);

}  // namespace
}  // namespace parley::api
