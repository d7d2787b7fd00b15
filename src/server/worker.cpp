#include "server/worker.hpp"

#include <utility>

#include "http/server_connection.hpp"

namespace parley::server {

Worker::Worker(net::Loop& loop, hub::Hub& hub, api::SharedState& api_state, ChatHalf* chat,
               const config::Settings& settings)
    : loop_(loop),
      front_(hub, hub.add_loop(loop), api_state, chat, settings),
      http_context_(loop, front_, settings.limits),
      streams_(loop) {}

Worker::~Worker() {
    if (!thread_.joinable()) return;
    loop_.stop();
    thread_.join();
}

tl::expected<std::uint16_t, std::string> Worker::listen(const net::Endpoint& endpoint) {
    auto listener = net::Listener::open(loop_, streams_, endpoint, [this](net::Stream& stream) {
        return std::make_unique<http::ServerConnection>(stream, http_context_);
    });
    if (!listener) return tl::unexpected(std::move(listener.error()));
    listener_ = std::move(*listener);
    return listener_->port();
}

void Worker::start() {
    thread_ = std::thread([this] { serve(); });
}

void Worker::serve() {
    loop_.run();
    // Connections die on their own loop, too.
    listener_.reset();
    streams_.abort_all();
    loop_.run_once(0);
}

}  // namespace parley::server
