#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "cli/base_url.hpp"

namespace parley::cli {

/// A WebSocket connection to a server, for one thread that may wait. Answers pings by itself. Every error is
/// a sentence and means that the connection has ended.
class SocketClient {
public:
    /// Connects and does the handshake; `target` is path and query.
    [[nodiscard]] static tl::expected<SocketClient, std::string> open(const BaseUrl& url,
                                                                      std::string_view target);

    ~SocketClient();
    SocketClient(SocketClient&&) noexcept;
    SocketClient& operator=(SocketClient&&) noexcept;

    /// To be polled for reading once `receive` has nothing more.
    [[nodiscard]] int descriptor() const;

    /// The next text message that has arrived; empty when none is complete.
    [[nodiscard]] tl::expected<std::optional<std::string>, std::string> receive();

    [[nodiscard]] tl::expected<void, std::string> send_text(std::string_view payload);

    /// Tells the server that this side ends, without waiting for its answer.
    void say_goodbye();

private:
    struct State;
    explicit SocketClient(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace parley::cli
