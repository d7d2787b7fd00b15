#include "hub/sign_in.hpp"

#include <utility>

#include <fmt/format.h>

#include "pusher/quote.hpp"

namespace parley::hub {

namespace {

tl::unexpected<SignInRefusal> refuse(std::string_view reason, std::string compared = "") {
    return tl::make_unexpected(
        SignInRefusal{fmt::format("Sign-in refused: {}.", reason), std::move(compared)});
}

}  // namespace

tl::expected<pusher::UserData, SignInRefusal> check_sign_in(const SignInCandidate& candidate,
                                                            const pusher::SignIn& request,
                                                            json::Parser& parser) {
    const auto& limits = candidate.app.limits;
    if (exceeds(request.user_data.size(), limits.max_user_data_size))
        return refuse(fmt::format("user_data has {} bytes, limits.max_user_data_size is {}",
                                  request.user_data.size(), limits.max_user_data_size));
    const auto auth =
        pusher::check_user_auth(candidate.credentials, candidate.socket_id, request.user_data, request.auth);
    if (auth != pusher::AuthResult::ok)
        return refuse(describe(auth), pusher::user_string_to_sign(candidate.socket_id, request.user_data));
    auto user = pusher::parse_user_data(parser, request.user_data,
                                        static_cast<std::size_t>(limits.max_watchlist_size));
    if (!user) return refuse(describe(user.error()));
    if (candidate.user != nullptr && candidate.user->id != user->id)
        return refuse(
            fmt::format("the connection has signed in as {} already", pusher::quote(candidate.user->id)));
    return std::move(*user);
}

}  // namespace parley::hub
