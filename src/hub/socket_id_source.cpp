#include "hub/socket_id_source.hpp"

#include "crypto/random.hpp"

namespace parley::hub {

namespace {

constexpr std::uint64_t range = 1'000'000'000;
constexpr std::uint64_t stride =
    618'033'989;  // without a common divisor with `range`, so that it visits every number

}  // namespace

SocketIdSource::SocketIdSource() : count_(crypto::random_below(range)) {}

pusher::SocketId SocketIdSource::next() {
    const auto step = count_.fetch_add(1, std::memory_order_relaxed) % range;
    return {.first = static_cast<std::uint32_t>(1 + crypto::random_below(range)),
            .second = static_cast<std::uint32_t>(1 + step * stride % range)};
}

}  // namespace parley::hub
