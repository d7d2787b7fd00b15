#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "crypto/hmac.hpp"
#include "hub/app.hpp"
#include "hub/authorisation_deadlines.hpp"
#include "hub/loop_channels.hpp"
#include "hub/loop_control.hpp"
#include "hub/loop_watchlists.hpp"
#include "hub/session_list.hpp"
#include "json/parser.hpp"
#include "net/loop.hpp"
#include "pusher/client_message.hpp"
#include "pusher/signature.hpp"
#include "websocket/connection.hpp"

namespace parley::hub {

class Hub;

/// The hub's part on one loop: its sessions, its channels, and what they share. Belongs to that loop.
class LoopHub final : private net::TurnTask {
public:
    /// `hub` and `loop` must outlive it.
    LoopHub(Hub& hub, net::Loop& loop, std::size_t loop_index);
    ~LoopHub();
    LoopHub(const LoopHub&) = delete;
    LoopHub& operator=(const LoopHub&) = delete;

    /// What a client asked for when it connected: the URL `PREFIX/app/KEY?protocol=…`.
    struct Hello {
        std::string_view key;    // what stands behind `PREFIX/app/`, percent-encoded
        std::string_view query;  // raw
    };

    /// Lets a connection that has finished its handshake in, or sends it away with the code that tells its
    /// client what to do (channels protocol, "Opening a connection").
    void open(websocket::Connection& connection, const Hello& hello);

    /// Sends every connection of this loop away to come back after a pause.
    void close_all();

    /// Ends the subscriptions of a session that is closing, within this turn but not within the present call.
    void depart_in_turn(Session& session);

    [[nodiscard]] Hub& hub() { return hub_; }
    [[nodiscard]] net::Loop& loop() { return loop_; }
    [[nodiscard]] LoopChannels& channels() { return channels_; }
    [[nodiscard]] const LoopChannels& channels() const { return channels_; }
    [[nodiscard]] LoopControl& control() { return control_; }
    [[nodiscard]] LoopWatchlists& watchlists() { return watchlists_; }
    [[nodiscard]] AuthorisationDeadlines& deadlines() { return deadlines_; }
    [[nodiscard]] SessionList& sessions() { return sessions_; }
    [[nodiscard]] pusher::ClientMessageReader& reader() { return reader_; }
    [[nodiscard]] json::Parser& parser() { return parser_; }
    [[nodiscard]] pusher::Credentials credentials(const App& app);
    [[nodiscard]] websocket::LoopContext& websocket_context() { return websocket_context_; }

private:
    void run_in_turn() override;

    Hub& hub_;
    net::Loop& loop_;
    LoopChannels channels_;
    SessionList sessions_;
    LoopControl control_;
    LoopWatchlists watchlists_;
    AuthorisationDeadlines deadlines_;
    pusher::ClientMessageReader reader_;
    json::Parser parser_;
    std::vector<crypto::HmacSha256> hmacs_;  // by app
    websocket::LoopContext websocket_context_;
    std::vector<Session*> departing_;
};

}  // namespace parley::hub
