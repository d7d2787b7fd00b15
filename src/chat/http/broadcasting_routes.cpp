#include "chat/http/broadcasting_routes.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "chat/realtime/channel_authorizer.hpp"
#include "hub/app_signers.hpp"
#include "pusher/signature.hpp"

namespace parley::chat {

namespace {

constexpr std::int64_t socket_id_length_max = 64;
constexpr int tries_max = 3;  // when access ends for somebody during each of them

/// What is to be signed, and for whom. A channel, or a sign-in when there is none.
struct Proof {
    ChannelGrant grant = {};
    std::optional<std::string> data = {};  // channel_data, user_data
};

/// One request for a proof. Outlives its route's call: the database answers on another thread, and the hub
/// may have to lift a bar first.
class ProofRequest : public std::enable_shared_from_this<ProofRequest> {
public:
    /// `signers` are used on the loop alone.
    ProofRequest(Asker asker, const hub::App& app, SocketRegistry& sockets,
                 std::shared_ptr<hub::AppSigners> signers, pusher::SocketId socket, std::string channel)
        : asker_(std::move(asker)),
          app_(app),
          sockets_(sockets),
          signers_(std::move(signers)),
          socket_(socket),
          channel_(std::move(channel)) {}

    /// Asks the database. What it says holds only if nobody's access ends until it is noted.
    void ask() {
        const auto endings = sockets_.endings();
        asker_.backend().store.read(
            [self = shared_from_this()](store::Transaction& transaction) {
                return self->decide(transaction);
            },
            [self = shared_from_this(), endings](tl::expected<Result<Proof>, store::Error> outcome) {
                if (!outcome) return self->asker_.send(store_error_response(outcome.error()));
                if (!*outcome) return self->asker_.send(refusal_response(outcome->error()));
                self->note(std::move(**outcome), endings);
            });
    }

private:
    [[nodiscard]] Result<Proof> decide(store::Transaction& transaction) const {
        const auto actor = asker_.identify(transaction);
        if (!actor) return tl::unexpected(actor.error());
        Proof proof{.grant = {.socket = socket_,
                              .user_id = actor->user_id,
                              .token_id = actor->token_id,
                              .channel = channel_}};
        if (channel_.empty()) {
            proof.data = sign_in_data(*actor);
            return proof;
        }
        if (auto allowed = allow_channel(transaction, actor->user_id, channel_); !allowed)
            return tl::unexpected(std::move(allowed.error()));
        proof.data = member_data(*actor, channel_, app_.limits().max_presence_member_size);
        return proof;
    }

    void note(Proof proof, std::uint64_t endings) {
        const auto grant = proof.grant;
        sockets_.authorise(grant, endings,
                           [self = shared_from_this(), proof = std::move(proof)](auto outcome) mutable {
                               self->finish(outcome, std::move(proof));
                           });
    }

    void finish(SocketRegistry::Outcome outcome, Proof proof) {
        switch (outcome) {
            case SocketRegistry::Outcome::granted:
                return asker_.send_from_loop(
                    [self = shared_from_this(), proof = std::move(proof)] { return self->sign(proof); });
            case SocketRegistry::Outcome::stale:
                if (++tries_ < tries_max) return ask();
                return asker_.send(refusal_response({.reason = Reason::unavailable,
                                                     .code = "unavailable",
                                                     .message = "Access is changing; ask again.",
                                                     .retry_after_ms = 1'000}));
            case SocketRegistry::Outcome::too_many:
                return asker_.send(refusal_response({.reason = Reason::too_many,
                                                     .code = "too_many_sockets",
                                                     .message = "Too many sockets of one user "
                                                                "(limits.max_sockets_per_user).",
                                                     .retry_after_ms = 30'000}));
        }
    }

    [[nodiscard]] http::Response sign(const Proof& proof) const {
        const bool signs_in = proof.grant.channel.empty();
        const auto text =
            signs_in ? pusher::user_string_to_sign(proof.grant.socket, *proof.data)
                     : pusher::channel_string_to_sign(proof.grant.socket, proof.grant.channel, proof.data);
        return answer(200, [&](json::Writer& writer) {
            writer.begin_object().name("auth").string(pusher::make_auth(signers_->credentials(app_), text));
            if (proof.data) writer.name(signs_in ? "user_data" : "channel_data").string(*proof.data);
            writer.end_object();
        });
    }

    const Asker asker_;
    const hub::App& app_;
    SocketRegistry& sockets_;
    const std::shared_ptr<hub::AppSigners> signers_;
    const pusher::SocketId socket_;
    const std::string channel_;  // empty: a sign-in
    int tries_ = 0;
};

/// The socket that the body names. What is wrong with it is noted in `fields`.
pusher::SocketId read_socket(Fields& fields) {
    const auto text = fields.text("socket_id", {1, socket_id_length_max});
    const auto socket = pusher::parse_socket_id(text);
    if (socket) return *socket;
    if (!text.empty()) fields.fail("socket_id", "The socket_id is no socket id of this server.");
    return {};
}

}  // namespace

void add_broadcasting_routes(Routes& routes, const hub::App& app, SocketRegistry& sockets) {
    // The router of each loop has a signer of its own.
    auto signers = std::make_shared<hub::AppSigners>();
    routes.add("POST", "/broadcasting/auth", [&app, &sockets, signers](Call& call) {
        auto fields = call.body();
        if (!fields) return;
        const auto socket = read_socket(*fields);
        auto channel = fields->text("channel_name", {1, app.limits().max_channel_name_length});
        if (!call.accept(*fields)) return;
        std::make_shared<ProofRequest>(call.asker(), app, sockets, signers, socket, std::move(channel))
            ->ask();
    });
    routes.add("POST", "/broadcasting/user-auth", [&app, &sockets, signers](Call& call) {
        auto fields = call.body();
        if (!fields) return;
        const auto socket = read_socket(*fields);
        if (!call.accept(*fields)) return;
        std::make_shared<ProofRequest>(call.asker(), app, sockets, signers, socket, "")->ask();
    });
}

}  // namespace parley::chat
