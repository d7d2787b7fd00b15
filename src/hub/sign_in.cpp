#include "hub/sign_in.hpp"

#include <utility>

#include <fmt/format.h>

#include "pusher/quote.hpp"

namespace parley::hub {

namespace {

using pusher::RefusalCode;

tl::unexpected<SignInRefusal> refuse(RefusalCode reason, std::string sentence, std::string compared = "") {
    return tl::make_unexpected(SignInRefusal{reason, std::move(sentence), std::move(compared)});
}

}  // namespace

tl::expected<pusher::UserData, SignInRefusal> check_sign_in(const SignInCandidate& candidate,
                                                            const pusher::SignIn& request,
                                                            json::Parser& parser) {
    const auto& limits = candidate.app.limits();
    if (exceeds(request.user_data.size(), limits.max_user_data_size))
        return refuse(RefusalCode::user_data_too_large,
                      fmt::format("user_data has {} bytes, limits.max_user_data_size is {}",
                                  request.user_data.size(), limits.max_user_data_size));
    const auto auth =
        pusher::check_user_auth(candidate.credentials, candidate.socket_id, request.user_data, request.auth);
    if (auth != pusher::AuthResult::ok) {
        const auto failure = explain(auth, request.auth, candidate.app.settings().secrets);
        return refuse(
            failure.code, std::string(failure.reason),
            pusher::as_compared(pusher::user_string_to_sign(candidate.socket_id, request.user_data)));
    }
    auto user = pusher::parse_user_data(parser, request.user_data,
                                        static_cast<std::size_t>(limits.max_watchlist_size));
    if (!user) return refuse(RefusalCode::user_data_invalid, std::string(describe(user.error())));
    if (candidate.user != nullptr && candidate.user->id != user->id)
        return refuse(
            RefusalCode::other_user_signed_in,
            fmt::format("the connection has signed in as {} already", pusher::quote(candidate.user->id)));
    return std::move(*user);
}

}  // namespace parley::hub
