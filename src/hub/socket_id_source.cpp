#include "hub/socket_id_source.hpp"

#include <string_view>

#include "crypto/keyed_hash.hpp"
#include "crypto/random.hpp"

namespace parley::hub {

namespace {

constexpr std::uint64_t range = 1'000'000'000;
constexpr std::uint64_t stride =
    618'033'989;  // without a common divisor with `range`, so that it visits every number

std::uint64_t hash_of(std::uint64_t number, std::array<std::uint64_t, 2> key) {
    return crypto::sip_hash<2, 4>(key, {reinterpret_cast<const char*>(&number), sizeof number});
}

}  // namespace

SocketIdSource::SocketIdSource()
    : key_{crypto::random_below(UINT64_MAX), crypto::random_below(UINT64_MAX)},
      count_(crypto::random_below(range)) {}

pusher::SocketId SocketIdSource::next() {
    const auto number = count_.fetch_add(1, std::memory_order_relaxed);
    const pusher::SocketId id{.first = static_cast<std::uint32_t>(1 + hash_of(number, key_) % range),
                              .second = static_cast<std::uint32_t>(1 + number % range * stride % range)};
    recent_[number % recent_count_max].store(id.packed(), std::memory_order_relaxed);
    return id;
}

std::vector<pusher::SocketId> SocketIdSource::recent() const {
    constexpr std::uint64_t half_bits = 32;
    std::vector<pusher::SocketId> ids;
    for (const auto& entry : recent_)
        if (const auto packed = entry.load(std::memory_order_relaxed); packed != 0)
            ids.push_back(
                {static_cast<std::uint32_t>(packed >> half_bits), static_cast<std::uint32_t>(packed)});
    return ids;
}

}  // namespace parley::hub
