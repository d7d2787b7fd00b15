#include "server/worker.hpp"

#include <pthread.h>

#include <utility>
#include <vector>

#include "http/server_connection.hpp"
#include "http/trusted_proxies.hpp"

namespace parley::server {

namespace {

http::TrustedProxies trusted_proxies(const config::Settings& settings) {
    std::vector<IpNetwork> networks;
    for (const auto& text : settings.proxy.trusted)
        networks.push_back(parse_ip_network(text).value());  // the settings have been checked
    return http::TrustedProxies(std::move(networks));
}

}  // namespace

Worker::Worker(net::Loop& loop, hub::Hub& hub, api::SharedState& api_state, ChatHalf* chat,
               const config::Settings& settings)
    : loop_(loop),
      hub_(hub),
      loop_hub_(hub.add_loop(loop)),
      api_state_(api_state),
      chat_(chat),
      http_context_(loop, make_front(settings), settings.limits, trusted_proxies(settings)),
      streams_(loop) {}

Worker::~Worker() {
    if (!thread_.joinable()) return;
    loop_.stop();
    thread_.join();
}

tl::expected<std::uint16_t, std::string> Worker::listen(const net::Endpoint& endpoint, net::TlsContext* tls) {
    const auto accept = [this](net::Stream& stream) {
        return std::make_unique<http::ServerConnection>(stream, http_context_);
    };
    auto listener = net::Listener::open(loop_, streams_, endpoint, accept, tls);
    if (!listener) return tl::unexpected(std::move(listener.error()));
    listener_ = std::move(*listener);
    return listener_->port();
}

tl::expected<std::uint16_t, std::string> Worker::listen_beside(const net::Endpoint& endpoint,
                                                               http::Service& service, const Limits& limits) {
    auto& context = beside_context_.emplace(loop_, service, limits);
    auto listener = net::Listener::open(loop_, streams_, endpoint, [&context](net::Stream& stream) {
        return std::make_unique<http::ServerConnection>(stream, context);
    });
    if (!listener) return tl::unexpected(std::move(listener.error()));
    beside_listener_ = std::move(*listener);
    return beside_listener_->port();
}

void Worker::start() {
    thread_ = std::thread([this] { serve(); });
}

/// Made on the caller's thread, so that the loop need not wait for it.
Front& Worker::make_front(const config::Settings& settings) {
    return *fronts_.emplace_back(std::make_unique<Front>(hub_, loop_hub_, api_state_, chat_, settings));
}

std::future<void> Worker::reconfigure(const config::Settings& settings) {
    auto done = std::make_shared<std::promise<void>>();
    auto ready = done->get_future();
    auto& former = *fronts_.back();
    loop_.post([this, done = std::move(done), &former, &front = make_front(settings),
                limits = settings.limits, proxies = trusted_proxies(settings)] {
        http_context_.set_service(front);
        former.release_memory();
        http_context_.set_limits(limits);
        http_context_.set_proxies(proxies);
        if (beside_context_) beside_context_->set_limits(limits);
        done->set_value();
    });
    return ready;
}

void Worker::wind_down() {
    loop_.post([this] {
        http_context_.wind_down();
        if (beside_context_) beside_context_->wind_down();
    });
}

void Worker::stop_listening() {
    loop_.post([this] {
        listener_->stop();
        if (beside_listener_) beside_listener_->stop();
    });
}

void Worker::catch_up() {
    // What was accepted in one turn is read in the next, and answered at its end.
    for (int turn = 0; turn < 3; ++turn) {
        std::promise<void> passed;
        loop_.post([&passed] { passed.set_value(); });
        passed.get_future().wait();
    }
}

void Worker::serve() {
    pthread_setname_np(pthread_self(), "loop");
    loop_.run();
    // Connections die on their own loop, too.
    listener_.reset();
    beside_listener_.reset();
    streams_.abort_all();
    loop_.run_once(0);
}

}  // namespace parley::server
