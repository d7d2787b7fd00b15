#include "hub/loop_hub.hpp"

#include <memory>
#include <utility>

#include "base/utf8.hpp"
#include "hub/admission.hpp"
#include "hub/hub.hpp"
#include "pusher/server_message.hpp"

namespace parley::hub {

namespace {

constexpr std::uint64_t ms_per_s = 1'000;
constexpr std::int64_t logged_refusals_per_second_max = 100;  // of connections

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
class Nobody final : public websocket::MessageHandler {
public:
    void on_message(websocket::MessageKind /*kind*/, std::string_view /*payload*/) override {}
    void on_silence() override {}
    void on_end() override {}
};

}  // namespace

LoopHub::LoopHub(Hub& hub, net::Loop& loop, std::size_t loop_index)
    : hub_(hub),
      loop_(loop),
      counters_(static_cast<std::size_t>(hub.limits().max_apps)),
      channels_(loop, loop_index, hub.registry(), counters_),
      control_(loop, channels_, sessions_),
      drain_(loop, sessions_),
      watchlists_(loop, loop_index, hub.registry()),
      deadlines_(loop),
      reader_(static_cast<std::size_t>(hub.limits().max_json_depth)),
      parser_(static_cast<std::size_t>(hub.limits().max_json_depth)),
      websocket_context_(websocket_options(hub.limits())) {}

LoopHub::~LoopHub() = default;

void LoopHub::open(websocket::Connection& connection, const Hello& hello) {
    const auto app = hub_.admit(hello.key, hello.query, hello.origin);
    if (app) {
        auto session = std::make_unique<Session>(*this, **app, connection, hub_.next_socket_id());
        auto& opened = *session;
        connection.set_handler(std::move(session));
        refresh(**app);
        connection.set_options(websocket_options_.at((*app)->index));
        return opened.greet();
    }
    const auto& refusal = app.error();
    auto& refusals = hub_.refusals();
    const auto logged = logged_refusals_.admit(loop_.now_ms(), logged_refusals_per_second_max);
    const auto told = refusals.told(refusal.sentence, refusal.reason, "", refusal.app_id);
    refusals.add({.kind = pusher::RefusalKind::connection,
                  .code = refusal.reason,
                  .status = static_cast<int>(refusal.code),
                  .sentence = refusal.sentence,
                  .app_id = refusal.app_id,
                  .peer = connection.client_name()},
                 RefusalJournal::LogLine(logged));
    connection.set_handler(std::make_unique<Nobody>());
    // Refusals are small; one that does not fit behind unread answers is not read anyway.
    (void)connection.send_text(pusher::error_message(refusal.code, told));
    connection.close(static_cast<std::uint16_t>(refusal.code), told);
}

void LoopHub::refresh(const App& app) {
    websocket_options_.insert_or_assign(app.index, websocket_options(app.limits()));
}

void LoopHub::follow_limits() {
    const auto& limits = hub_.limits();
    const auto depth_max = static_cast<std::size_t>(limits.max_json_depth);
    reader_ = pusher::ClientMessageReader(depth_max);
    parser_ = json::Parser(depth_max);
    websocket_context_.options = websocket_options(limits);
}

void LoopHub::depart_in_turn(Session& session) {
    if (departing_.empty()) loop_.at_turn_end(net::Loop::Phase::mailbox, *this);
    departing_.push_back(&session);
}

void LoopHub::run_in_turn() {
    for (auto* const session : std::exchange(departing_, {})) {
        watchlists_.forget(*session);
        channels_.unsubscribe_all(*session);
    }
}

}  // namespace parley::hub
