#pragma once

#include <string>

#include <tl/expected.hpp>

#include "hub/app.hpp"
#include "json/parser.hpp"
#include "pusher/client_message.hpp"
#include "pusher/refusal.hpp"
#include "pusher/signature.hpp"
#include "pusher/user_data.hpp"

namespace parley::hub {

/// Whom a connection has signed in as.
struct SignedInUser {
    std::string id;
    std::string user_info;    // JSON text
    bool subscribed = false;  // whether its client asked for the user's own channel
};

/// Why a sign-in is refused (channels protocol, "User authentication"): pusher:error 4009.
struct SignInRefusal {
    pusher::RefusalCode reason;
    std::string sentence;       // half of one, to stand behind "Sign-in refused: "
    std::string compared = {};  // the string whose signature was wrong (`pusher::as_compared`)
};

/// A connection that asks to be signed in.
struct SignInCandidate {
    const App& app;
    pusher::Credentials credentials;
    pusher::SocketId socket_id;
    const SignedInUser* user;  // whom it has signed in as already, or null
};

/// Checks signature, data and that a connection stays with its user. `parser` must not be the one that
/// `request` points into.
[[nodiscard]] tl::expected<pusher::UserData, SignInRefusal> check_sign_in(const SignInCandidate& candidate,
                                                                          const pusher::SignIn& request,
                                                                          json::Parser& parser);

}  // namespace parley::hub
