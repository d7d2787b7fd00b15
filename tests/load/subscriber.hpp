#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "connection.hpp"
#include "websocket/client_handshake.hpp"
#include "websocket/message_reader.hpp"

namespace parley::load {

/// A WebSocket connection that speaks the Pusher protocol, as far as a subscriber needs it.
class Subscriber final : public Connection {
public:
    /// `on_event` gets the text of every event that is not the protocol's own.
    using OnEvent = std::function<void(std::string_view text)>;

    Subscriber(Poller& poller, const Endpoint& endpoint, const std::string& app_key, OnEvent on_event);

    /// Empty until the server has said it.
    [[nodiscard]] const std::string& socket_id() const { return socket_id_; }

    /// `auth` is what /broadcasting/auth has answered.
    void subscribe(std::string_view channel, std::string_view auth);
    [[nodiscard]] bool subscribed() const { return subscribed_; }

private:
    std::size_t take(std::string& input) override;
    void on_text(std::string_view text);
    void on_protocol_event(std::string_view text);
    void send_frame(websocket::Opcode opcode, std::string_view payload);

    OnEvent on_event_;
    std::string host_;
    std::string target_;
    std::string key_;
    bool open_ = false;
    bool subscribed_ = false;
    std::string socket_id_;
    websocket::MessageReader reader_;
};

}  // namespace parley::load
