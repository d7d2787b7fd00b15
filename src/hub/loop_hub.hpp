#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hub/app.hpp"
#include "hub/app_counters.hpp"
#include "hub/app_signers.hpp"
#include "hub/authorisation_deadlines.hpp"
#include "hub/loop_channels.hpp"
#include "hub/loop_control.hpp"
#include "hub/loop_drain.hpp"
#include "hub/loop_watchlists.hpp"
#include "hub/rate_window.hpp"
#include "hub/session_list.hpp"
#include "hub/signature_diagnoser.hpp"
#include "json/parser.hpp"
#include "metrics/slots.hpp"
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
        std::string_view key;          // what stands behind `PREFIX/app/`, percent-encoded
        std::string_view query;        // raw
        std::string_view origin = {};  // the header of that name; empty when there is none
    };

    /// Lets a connection that has finished its handshake in, or sends it away with the code that tells its
    /// client what to do (channels protocol, "Opening a connection").
    void open(websocket::Connection& connection, const Hello& hello);

    /// Sends the connections of this loop away.
    void drain(const Drain& drain, std::size_t loop_count) { drain_.begin(drain, loop_count); }

    /// Ends the subscriptions of a session that is closing, within this turn but not within the present call.
    void depart_in_turn(Session& session);

    [[nodiscard]] Hub& hub() { return hub_; }
    [[nodiscard]] net::Loop& loop() { return loop_; }
    [[nodiscard]] const net::Loop& loop() const { return loop_; }
    [[nodiscard]] LoopChannels& channels() { return channels_; }

    /// What is counted here; to be written on the loop's thread.
    [[nodiscard]] metrics::Slots<AppCounters>& counters() { return counters_; }
    [[nodiscard]] const metrics::Slots<AppCounters>& counters() const { return counters_; }
    [[nodiscard]] const LoopChannels& channels() const { return channels_; }
    [[nodiscard]] LoopControl& control() { return control_; }
    [[nodiscard]] LoopWatchlists& watchlists() { return watchlists_; }
    [[nodiscard]] AuthorisationDeadlines& deadlines() { return deadlines_; }
    [[nodiscard]] SessionList& sessions() { return sessions_; }
    [[nodiscard]] pusher::ClientMessageReader& reader() { return reader_; }
    [[nodiscard]] json::Parser& parser() { return parser_; }
    [[nodiscard]] AppSigners& signers() { return signers_; }
    [[nodiscard]] SignatureDiagnoser& diagnoser() { return diagnoser_; }
    /// The app has other settings: its open connections go by them.
    void refresh(const App& app);

    /// The server has other limits: what is read and refused here goes by them.
    void follow_limits();

    [[nodiscard]] websocket::LoopContext& websocket_context() { return websocket_context_; }

private:
    void run_in_turn() override;

    Hub& hub_;
    net::Loop& loop_;
    metrics::Slots<AppCounters> counters_;  // by app
    LoopChannels channels_;
    SessionList sessions_;
    LoopControl control_;
    LoopDrain drain_;
    LoopWatchlists watchlists_;
    AuthorisationDeadlines deadlines_;
    pusher::ClientMessageReader reader_;
    json::Parser parser_;
    AppSigners signers_;
    SignatureDiagnoser diagnoser_{signers_};
    RateWindow logged_refusals_;
    websocket::LoopContext websocket_context_;
    std::unordered_map<std::uint32_t, websocket::Options> websocket_options_;  // by app; they stay in place
    std::vector<Session*> departing_;
};

}  // namespace parley::hub
