#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/target.hpp"
#include "crypto/hmac.hpp"

namespace parley::bench {

/// Writes signed requests that publish one event each. Makes by hand what `pusher::signed_query` makes of any
/// parameters, because here they are always the same and the load generator shares its processor with the
/// signing.
class PublishRequest {
public:
    explicit PublishRequest(const Target& target);

    /// A whole request, head and body, valid until the next call. `data` needs no escapes in JSON.
    [[nodiscard]] std::string_view write(std::string_view channel, std::string_view data,
                                         std::int64_t unix_s);

private:
    std::string path_;
    std::string escaped_key_;
    std::string sign_begin_;  // what is signed, up to the timestamp
    std::string head_end_;    // of the request, from the version up to the length
    crypto::HmacSha256 hmac_;
    std::string body_;
    std::string to_sign_;
    std::string request_;
};

}  // namespace parley::bench
