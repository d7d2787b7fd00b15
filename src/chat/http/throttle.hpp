#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/limits.hpp"
#include "crypto/keyed_hash.hpp"

namespace parley::chat {

/// Lets so many of something through per key (a user, an address) and time: a bucket that holds `burst` and
/// is refilled evenly. Forgets keys whose buckets are full again, so its memory is bounded by what was
/// admitted lately. Any thread.
class Throttle {
public:
    struct Rate {
        std::int64_t count = unlimited;  // or `unlimited`
        std::int64_t period_ms = 1'000;  // in which `count` are admitted on the long run
        std::int64_t burst = 0;          // at once; at least 1
    };

    explicit Throttle(Rate rate) : rate_(rate) {}

    /// Goes by `rate`, which has the same period, from now on; what was admitted before counts all the same.
    void set_rate(Rate rate);

    /// Takes one from the bucket of `key`. Empty: admitted; else how many milliseconds until there is one.
    [[nodiscard]] std::optional<std::int64_t> admit(std::string_view key, std::uint64_t now_ms);

    /// Fills the bucket of `key` again: what counted against it is forgiven.
    void forgive(std::string_view key);

private:
    /// One admission costs `period_ms` units, and a millisecond brings `count` of them: no fractions.
    struct Bucket {
        std::int64_t available = 0;
        std::uint64_t filled_at_ms = 0;
    };
    struct Hash : crypto::KeyedHash {
        using is_transparent = void;
    };

    void forget_full(std::uint64_t now_ms);
    [[nodiscard]] std::int64_t capacity() const { return rate_.burst * rate_.period_ms; }
    [[nodiscard]] std::int64_t available(const Bucket& bucket, std::uint64_t now_ms) const;

    std::mutex mutex_;
    Rate rate_;
    std::unordered_map<std::string, Bucket, Hash, std::equal_to<>> buckets_;
    std::size_t sweep_at_ = 1'024;  // when to look for full buckets next
};

}  // namespace parley::chat
