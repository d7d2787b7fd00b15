#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "poller.hpp"

namespace parley::load {

/// Where the server listens.
struct Endpoint {
    std::string host = "127.0.0.1";  // an address
    std::uint16_t port = 0;

    [[nodiscard]] std::string authority() const { return host + ":" + std::to_string(port); }
};

/// A TCP connection to the server. Everything that goes wrong is thrown: a load test without one of its
/// connections measures something else.
class Connection : public Pollable {
public:
    Connection(Poller& poller, const Endpoint& endpoint);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void on_ready(std::uint32_t events) final;

protected:
    ~Connection();

    /// Sends what the kernel takes now and the rest as soon as it does.
    void write(std::string_view bytes);

    /// Takes what is complete from the front of `input`, and returns how many bytes that was.
    virtual std::size_t take(std::string& input) = 0;

private:
    void flush();
    void read();

    Poller& poller_;
    int descriptor_;
    std::string input_;
    std::string unsent_;
};

}  // namespace parley::load
