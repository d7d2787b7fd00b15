#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/hmac.hpp"
#include "pusher/channel_name.hpp"
#include "pusher/refusal.hpp"
#include "pusher/socket_id.hpp"

namespace parley::pusher {

/// An app's public key and its secrets, ready for signing: while a secret is being replaced there are two.
/// Borrowed for one call.
struct Credentials {
    Credentials(std::string_view app_key, crypto::HmacSha256& signer) : key(app_key), signers(&signer, 1) {}
    /// `app_signers`: at least one.
    Credentials(std::string_view app_key, std::span<crypto::HmacSha256> app_signers)
        : key(app_key), signers(app_signers) {}

    /// Signs with the newest secret.
    [[nodiscard]] std::string sign(std::string_view text) const { return signers.front().hex(text); }

    /// Whether `signature` is that of `text` under one of the secrets, in a time that does not tell how much
    /// of it was right.
    [[nodiscard]] bool verify(std::string_view text, std::string_view signature) const;

    std::string_view key;
    std::span<crypto::HmacSha256> signers;  // the newest first
};

/// What the back end of an application signs to let a connection subscribe (channels protocol,
/// "Authorization").
[[nodiscard]] std::string channel_string_to_sign(SocketId socket_id, std::string_view channel,
                                                 std::optional<std::string_view> channel_data);

/// What it signs to let a connection sign in as a user.
[[nodiscard]] std::string user_string_to_sign(SocketId socket_id, std::string_view user_data);

/// The `auth` that proves `string_to_sign`: `KEY:HMAC`, as an authorisation endpoint returns it.
[[nodiscard]] std::string make_auth(Credentials credentials, std::string_view string_to_sign);

enum class AuthResult : std::uint8_t {
    ok,
    malformed,             // not KEY:HMAC; absent too
    wrong_key,             // KEY is not this app's key
    channel_data_missing,  // on a presence channel, of a connection that has not signed in
    mismatch               // the HMAC is another one
};

/// Half a sentence for people, without the channel: "the signature does not match".
[[nodiscard]] std::string_view describe(AuthResult result);

/// Why an `auth` is refused: a code, and half a sentence as `describe` has them.
struct AuthFailure {
    RefusalCode code;
    std::string_view reason;
};

/// What is behind a `result` other than ok of checking `auth`. `secrets` are those of the app, one of which
/// may stand where the key belongs.
[[nodiscard]] AuthFailure explain(AuthResult result, std::string_view auth,
                                  std::span<const std::string> secrets);

enum class SignedIn : bool { no, yes };

/// Checks the `auth` of a subscription, in a time that does not tell how much of the HMAC was right. On
/// presence channels `channel_data` is signed, and needed unless the connection has signed in; on private
/// ones it may be signed or not. The name of the channel must have been checked before.
[[nodiscard]] AuthResult check_channel_auth(Credentials credentials, SocketId socket_id,
                                            std::string_view channel, std::string_view auth,
                                            std::optional<std::string_view> channel_data,
                                            SignedIn signed_in = SignedIn::no);

/// Checks the `auth` of a sign-in as `check_channel_auth` does that of a subscription.
[[nodiscard]] AuthResult check_user_auth(Credentials credentials, SocketId socket_id,
                                         std::string_view user_data, std::string_view auth);

}  // namespace parley::pusher
