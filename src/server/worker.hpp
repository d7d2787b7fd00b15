#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <tl/expected.hpp>

#include "api/shared_state.hpp"
#include "config/settings.hpp"
#include "http/loop_context.hpp"
#include "hub/hub.hpp"
#include "hub/loop_hub.hpp"
#include "net/listener.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"
#include "net/tls_context.hpp"
#include "server/front.hpp"

namespace parley::server {

/// One loop at work: its thread, its listener and its connections.
class Worker {
public:
    /// All but `settings` must outlive the worker. `chat` is null for channels alone.
    Worker(net::Loop& loop, hub::Hub& hub, api::SharedState& api_state, ChatHalf* chat,
           const config::Settings& settings);

    /// Ends the thread and with it every connection.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Begins to listen; the port in use, or the reason why it failed. Before `start`. `tls` is null for
    /// plain TCP, else it must outlive the worker.
    [[nodiscard]] tl::expected<std::uint16_t, std::string> listen(const net::Endpoint& endpoint,
                                                                  net::TlsContext* tls);

    /// Begins to listen for `service`, which must outlive the worker, on a port beside the others. Otherwise
    /// as `listen`.
    [[nodiscard]] tl::expected<std::uint16_t, std::string> listen_beside(const net::Endpoint& endpoint,
                                                                         http::Service& service,
                                                                         const Limits& limits);

    /// Begins to serve.
    void start();

    /// Serves by `settings`, connections that are open too. What is returned is ready when it does. One
    /// thread, not the worker's own, while the worker runs.
    [[nodiscard]] std::future<void> reconfigure(const config::Settings& settings);

    /// Has HTTP connections end with the answer that they wait for. Any thread.
    void wind_down();

    /// Lets go of its ports: what the kernel has accepted is served. Any thread.
    void stop_listening();

    /// HTTP requests whose body or answer is still on its way. Any thread.
    [[nodiscard]] std::int64_t requests_under_way() const { return http_context_.requests_under_way(); }

    /// Returns when what had arrived at the time of the call has been read and, as far as the peers take it,
    /// answered. Any thread but the worker's own.
    void catch_up();

private:
    void serve();

    [[nodiscard]] Front& make_front(const config::Settings& settings);

    net::Loop& loop_;
    hub::Hub& hub_;
    hub::LoopHub& loop_hub_;
    api::SharedState& api_state_;
    ChatHalf* const chat_;
    // Each made for other settings, the last one serves. Requests under way refer to earlier ones.
    std::vector<std::unique_ptr<Front>> fronts_;
    http::LoopContext http_context_;
    std::optional<http::LoopContext> beside_context_;
    net::StreamSet streams_;
    std::unique_ptr<net::Listener> listener_;
    std::unique_ptr<net::Listener> beside_listener_;
    std::thread thread_;
};

}  // namespace parley::server
