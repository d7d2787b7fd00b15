#include "hub/loop_hub.hpp"

#include <memory>
#include <utility>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "hub/admission.hpp"
#include "hub/hub.hpp"
#include "pusher/server_message.hpp"

namespace parley::hub {

namespace {

constexpr std::uint64_t ms_per_s = 1'000;

std::uint64_t to_ms(std::int64_t seconds) { return static_cast<std::uint64_t>(seconds) * ms_per_s; }

websocket::Options websocket_options(const Limits& limits) {
    return {.message_bytes_max = static_cast<std::size_t>(limits.max_message_size),
            .pending_bytes_max = static_cast<std::size_t>(limits.max_backpressure),
            .ping_after_ms = to_ms(limits.activity_timeout),
            .pong_timeout_ms = to_ms(limits.pong_timeout),
            .close_timeout_ms = to_ms(limits.close_timeout),
            .deflate_threshold = static_cast<std::size_t>(limits.deflate_threshold)};
}

/// Takes the place of a session on a connection that was refused: it has nothing more to say or to hear.
class Refused final : public websocket::MessageHandler {
public:
    void on_message(websocket::MessageKind /*kind*/, std::string_view /*payload*/) override {}
    void on_silence() override {}
    void on_end() override {}
};

}  // namespace

LoopHub::LoopHub(Hub& hub, net::Loop& loop, std::size_t loop_index)
    : hub_(hub),
      loop_(loop),
      channels_(loop, loop_index, hub.registry()),
      control_(loop, channels_, sessions_),
      watchlists_(loop, loop_index, hub.registry()),
      deadlines_(loop, to_ms(hub.limits().user_authentication_timeout)),
      reader_(static_cast<std::size_t>(hub.limits().max_json_depth)),
      parser_(static_cast<std::size_t>(hub.limits().max_json_depth)),
      websocket_context_(websocket_options(hub.limits())) {
    for (const auto& app : hub.apps()) hmacs_.emplace_back(app.secret);
}

LoopHub::~LoopHub() = default;

void LoopHub::open(websocket::Connection& connection, const Hello& hello) {
    const auto app = hub_.admit(hello.key, hello.query);
    if (app) {
        auto session = std::make_unique<Session>(*this, **app, connection, hub_.next_socket_id());
        auto& opened = *session;
        connection.set_handler(std::move(session));
        return opened.greet();
    }
    const auto& refusal = app.error();
    log::info("connection_refused", {{"code", static_cast<std::uint16_t>(refusal.code)},
                                     {"reason", refusal.sentence},
                                     {"peer", connection.stream().peer_address()}});
    connection.set_handler(std::make_unique<Refused>());
    // Refusals are small; one that does not fit behind unread answers is not read anyway.
    (void)connection.send_text(pusher::error_message(refusal.code, refusal.sentence));
    connection.close(static_cast<std::uint16_t>(refusal.code), refusal.sentence);
}

void LoopHub::close_all() {
    for (auto* const session : sessions_.all())
        session->close(pusher::CloseCode::over_capacity, "The server is shutting down.");
}

void LoopHub::depart_in_turn(Session& session) {
    if (departing_.empty()) loop_.at_turn_end(net::Loop::Phase::mailbox, *this);
    departing_.push_back(&session);
}

pusher::Credentials LoopHub::credentials(const App& app) { return {app.key, hmacs_[app.index]}; }

void LoopHub::run_in_turn() {
    for (auto* const session : std::exchange(departing_, {})) {
        watchlists_.forget(*session);
        channels_.unsubscribe_all(*session);
    }
}

}  // namespace parley::hub
