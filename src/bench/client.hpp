#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/web_socket.hpp"
#include "bench/workplace.hpp"

namespace parley::bench {

class Client;

/// Who hears of a client.
class ClientListener {
public:
    /// The server has greeted it: it may subscribe.
    virtual void on_greeted(Client& client) = 0;
    virtual void on_subscribed(Client& client) = 0;

    /// An event that is not the protocol's own, or tells of a member. Gone after the call.
    virtual void on_event(Client& client, std::string_view text) = 0;

    /// The server did not accept what the client has sent last, or so.
    virtual void on_refused(Client& client, std::string_view sentence) = 0;

    /// It has no connection any more, or got none; `connect` may be called again.
    virtual void on_closed(Client& client, std::string_view sentence) = 0;

protected:
    ~ClientListener() = default;
};

/// A client of the Pusher protocol. Lives as long as its thread; its connections come and go.
class Client final : public WebSocketOwner {
public:
    /// `number` chooses the source address and is what the listener knows it by.
    Client(Workplace& place, ClientListener& listener, std::size_t number)
        : place_(place), listener_(listener), number_(number) {}
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] std::size_t number() const { return number_; }

    /// How much the kernel takes for one who does not read.
    enum class Reading : std::uint8_t { always, little };
    void connect(Reading reading = Reading::always);

    /// Signs what must be signed. `channel_data` is JSON, for presence channels alone.
    void subscribe(std::string_view channel, std::string_view channel_data = {});
    void unsubscribe(std::string_view channel);

    /// Sends an event whose `data` needs no escapes in JSON.
    void send_event(std::string_view name, std::string_view channel, std::string_view data);

    /// Says goodbye; `on_closed` follows.
    void close();
    void pause_reading() { socket_->pause_reading(); }
    void resume_reading();

    /// When what the listener is just told of came; only then.
    [[nodiscard]] Nanoseconds read_at() const { return socket_->read_at(); }

    [[nodiscard]] bool connected() const { return socket_ != nullptr; }

    /// When the present connection was begun.
    [[nodiscard]] Nanoseconds begun() const { return begun_; }
    void set_begun(Nanoseconds begun) { begun_ = begun; }

private:
    void on_open() override {}
    void on_text(std::string_view text) override;
    void on_closed(std::string_view sentence) override;

    void adopt(int descriptor);
    void on_protocol_event(std::string_view name, std::string_view text);
    void on_greeting(std::string_view text);
    [[nodiscard]] std::string error_sentence(std::string_view text) const;

    Workplace& place_;
    ClientListener& listener_;
    std::size_t number_;
    Nanoseconds begun_ = 0;
    WebSocket* socket_ = nullptr;  // owned by its stream
    std::string socket_id_;
};

}  // namespace parley::bench
