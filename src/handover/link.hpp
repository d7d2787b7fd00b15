#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "handover/frames.hpp"
#include "hub/hub.hpp"
#include "hub/relay.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"
#include "net/timer_wheel.hpp"

namespace parley::handover {

/// This server's part in a hand-over, as the elder, the successor, or neither. A server opens a door, a Unix
/// socket named after its port that only processes of its own user may use; its successor on the same port
/// comes through it before it listens. From then on each passes on to the other what is published on it, and
/// when the successor serves it has the elder send its connections away. Belongs to `loop`, whose thread it
/// works on, but for the functions that say otherwise.
class Link final : public hub::Relay, private net::Pollable, private net::Timer {
public:
    /// `loop` and `hub` outlive it. `asked_to_leave` is called on the loop's thread when a successor serves.
    Link(net::Loop& loop, hub::Hub& hub, std::function<void()> asked_to_leave);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    /// Comes through the door of the server that listens on `host` and `port`: true when it is there and
    /// passes on what is published from now on; false when nobody has such a door. The error is a sentence.
    /// Before the loop runs; waits for the elder's answer, for seconds at most.
    [[nodiscard]] tl::expected<bool, std::string> follow(const std::string& host, std::uint16_t port);

    /// Opens this server's own door, as soon as no other server has one of its name. Before the loop runs.
    void open_door(const std::string& host, std::uint16_t port);

    /// Tells the elder, if there is one, that this server serves. Any thread.
    void take_over();

    /// Whether a successor has come. Any thread.
    [[nodiscard]] bool has_successor() const { return has_successor_.load(std::memory_order_acquire); }

    /// Whether all that was passed on has been handed to the kernel. Any thread but the loop's, which must
    /// run; waits for it.
    [[nodiscard]] bool flushed();

    void forward(const hub::App& app, std::span<const hub::Event> events) override;

private:
    class Peer;

    void on_ready(std::uint32_t events) override;
    void on_timer() override { open_own_door(); }
    void open_own_door();
    bool bind_door();
    void close_door();
    void adopt(int fd);
    void accept_successor(Peer& peer);
    void send(const net::SharedFrame& frame);
    void receive(FrameKind kind, Bytes body);
    void deliver(Bytes body);
    void peer_ended();

    net::Loop& loop_;
    hub::Hub& hub_;
    std::function<void()> asked_to_leave_;
    net::StreamSet streams_;
    net::Stream* stream_ = nullptr;  // to the other server, once both have said hello
    std::string door_name_;          // empty: none is wanted
    int door_fd_ = -1;
    bool door_missed_ = false;  // and logged
    std::atomic<bool> has_successor_{false};
};

}  // namespace parley::handover
