#include "pusher/signature.hpp"

#include <algorithm>

namespace parley::pusher {

namespace {

AuthResult check_auth(Credentials credentials, std::string_view auth, std::string_view string_to_sign) {
    const auto colon = auth.rfind(':');
    if (colon == std::string_view::npos) return AuthResult::malformed;
    if (auth.substr(0, colon) != credentials.key) return AuthResult::wrong_key;
    return credentials.verify(string_to_sign, auth.substr(colon + 1)) ? AuthResult::ok : AuthResult::mismatch;
}

}  // namespace

bool Credentials::verify(std::string_view text, std::string_view signature) const {
    return std::ranges::any_of(signers, [&](crypto::HmacSha256& signer) {
        return crypto::equals_in_constant_time(signature, signer.hex(text));
    });
}

std::string channel_string_to_sign(SocketId socket_id, std::string_view channel,
                                   std::optional<std::string_view> channel_data) {
    std::string text = to_string(socket_id);
    text.append(":").append(channel);
    if (channel_data) text.append(":").append(*channel_data);
    return text;
}

std::string user_string_to_sign(SocketId socket_id, std::string_view user_data) {
    return to_string(socket_id).append("::user::").append(user_data);
}

std::string make_auth(Credentials credentials, std::string_view string_to_sign) {
    return std::string(credentials.key).append(":").append(credentials.sign(string_to_sign));
}

std::string_view describe(AuthResult result) {
    switch (result) {
        case AuthResult::ok:
            return "the signature matches";
        case AuthResult::malformed:
            return "the signature is missing or not of the form KEY:HMAC";
        case AuthResult::wrong_key:
            return "the signature was made with the key of another app";
        case AuthResult::channel_data_missing:
            return "a presence channel needs channel_data, or a user who has signed in";
        case AuthResult::mismatch:
            break;
    }
    return "the signature does not match";
}

AuthFailure explain(AuthResult result, std::string_view auth, std::span<const std::string> secrets) {
    switch (result) {
        case AuthResult::malformed:
            return {auth.empty() ? RefusalCode::auth_missing : RefusalCode::auth_malformed, describe(result)};
        case AuthResult::wrong_key:
            if (std::ranges::find(secrets, auth.substr(0, auth.rfind(':'))) != secrets.end())
                return {RefusalCode::key_is_secret, "the secret of the app stands where its key belongs"};
            return {RefusalCode::wrong_key, describe(result)};
        case AuthResult::channel_data_missing:
            return {RefusalCode::channel_data_missing, describe(result)};
        case AuthResult::ok:
        case AuthResult::mismatch:
            break;
    }
    return {RefusalCode::wrong_signature, describe(result)};
}

AuthResult check_channel_auth(Credentials credentials, SocketId socket_id, std::string_view channel,
                              std::string_view auth, std::optional<std::string_view> channel_data,
                              SignedIn signed_in) {
    const bool presence = is_presence(classify(channel));
    if (presence && !channel_data && signed_in == SignedIn::no) return AuthResult::channel_data_missing;
    const auto with_data =
        check_auth(credentials, auth, channel_string_to_sign(socket_id, channel, channel_data));
    if (with_data != AuthResult::mismatch || presence || !channel_data) return with_data;
    return check_auth(credentials, auth, channel_string_to_sign(socket_id, channel, std::nullopt));
}

AuthResult check_user_auth(Credentials credentials, SocketId socket_id, std::string_view user_data,
                           std::string_view auth) {
    return check_auth(credentials, auth, user_string_to_sign(socket_id, user_data));
}

}  // namespace parley::pusher
