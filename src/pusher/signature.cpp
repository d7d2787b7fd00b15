#include "pusher/signature.hpp"

namespace parley::pusher {

namespace {

AuthResult check_auth(Credentials credentials, std::string_view auth, std::string_view string_to_sign) {
    const auto colon = auth.rfind(':');
    if (colon == std::string_view::npos) return AuthResult::malformed;
    if (auth.substr(0, colon) != credentials.key) return AuthResult::wrong_key;
    const bool equal =
        crypto::equals_in_constant_time(auth.substr(colon + 1), credentials.hmac.hex(string_to_sign));
    return equal ? AuthResult::ok : AuthResult::mismatch;
}

}  // namespace

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
    return std::string(credentials.key).append(":").append(credentials.hmac.hex(string_to_sign));
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
