#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/hmac.hpp"
#include "json/parser.hpp"
#include "pusher/query.hpp"
#include "pusher/refusal.hpp"
#include "pusher/request_signature.hpp"
#include "pusher/signature.hpp"
#include "pusher/socket_id.hpp"

// Why a signature does not match: the mistakes that people make, each tried. Costs an HMAC for each, some
// hundred in all, so that callers look no more often than they can afford.
namespace parley::pusher {

/// What may have gone wrong, as the second half of "the signature does not match: …".
struct Diagnosis {
    RefusalCode code;
    std::string reason;
};

/// Under what a signature may have been made. Borrowed for one call.
struct SuspectSecrets {
    Credentials credentials;                // those that would have been right
    std::span<const std::string> texts;     // their secrets
    std::span<crypto::HmacSha256> retired;  // secrets that were right once
};

/// A subscription or a sign-in that was refused as `AuthResult::mismatch`.
struct SuspectAuth {
    enum class Purpose : std::uint8_t { subscription, sign_in };

    Purpose purpose;
    SocketId socket_id;
    std::string_view channel;  // of a subscription
    std::string_view auth;
    std::optional<std::string_view> data;   // channel_data, or user_data
    std::span<const SocketId> others = {};  // socket ids for which it may have been signed
};

/// Empty when it was none of the known mistakes. `parser` must not be the one that `auth` points into.
[[nodiscard]] std::optional<Diagnosis> diagnose(const SuspectSecrets& secrets, const SuspectAuth& auth,
                                                json::Parser& parser);

/// A request whose signature does not match.
struct SuspectRequest {
    const SignedRequest& request;
    const Query& query;
    std::string_view raw_query;              // as it was sent
    std::string_view forwarded_prefix = {};  // what a proxy says it has taken away (X-Forwarded-Prefix)
};

/// Empty when it was none of the known mistakes.
[[nodiscard]] std::optional<Diagnosis> diagnose(const SuspectSecrets& secrets, const SuspectRequest& suspect);

}  // namespace parley::pusher
