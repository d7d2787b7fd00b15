#include <string>

#include <benchmark/benchmark.h>

#include "pusher/signature.hpp"

namespace parley::pusher {
namespace {

constexpr SocketId socket_id{1'234, 5'678'901};
constexpr std::string_view member = R"({"user_id":10,"user_info":{"name":"Mr. Channels"}})";

/// A subscription with its right `auth`: HMAC-SHA256 of `SOCKET_ID:CHANNEL`, and of the member's data on
/// presence channels.
void check_subscription(benchmark::State& state, std::string_view channel,
                        std::optional<std::string_view> channel_data) {
    crypto::HmacSha256 hmac("7ad3773142a6692b25b8");
    const Credentials credentials("278d425bdf160c739803", hmac);
    const auto auth = make_auth(credentials, channel_string_to_sign(socket_id, channel, channel_data));
    for (auto _ : state)
        if (check_channel_auth(credentials, socket_id, channel, auth, channel_data) != AuthResult::ok)
            state.SkipWithError("the signature is refused");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(check_subscription, private, "private-foobar", std::nullopt);
BENCHMARK_CAPTURE(check_subscription, presence, "presence-foobar", member);

}  // namespace
}  // namespace parley::pusher
