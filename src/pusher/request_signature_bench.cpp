#include <string>

#include <benchmark/benchmark.h>

#include "pusher/request_signature.hpp"

namespace parley::pusher {
namespace {

/// The signature of a publish over HTTP with a body of `range(0)` bytes: reading the query and putting it
/// into its canonical form, HMAC-SHA256 of that, MD5 of the body.
void check_publish(benchmark::State& state) {
    constexpr std::int64_t now_s = 1'353'088'179;
    const std::string body(static_cast<std::size_t>(state.range(0)), 'b');
    const SignedRequest request{.method = "POST", .path = "/apps/3/events", .body = body, .path_prefix = ""};
    crypto::HmacSha256 hmac("7ad3773142a6692b25b8");
    const Credentials credentials("278d425bdf160c739803", hmac);
    const auto raw_query =
        signed_query(credentials, request.method, request.path, {}, request.body, now_s).value_or("");
    for (auto _ : state) {
        const auto query = Query::parse(raw_query);
        if (!query || !verify_request(request, *query, credentials, {.now_s = now_s, .max_s = 600}))
            state.SkipWithError("the signature is refused");
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(check_publish)->Arg(200)->Arg(10'000)->Arg(100'000);

}  // namespace
}  // namespace parley::pusher
