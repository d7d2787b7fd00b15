#include "handover/link.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <future>
#include <system_error>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "handover/door.hpp"

namespace parley::handover {

namespace {

constexpr std::size_t pending_bytes_max = 256U * 1024U * 1024U;
constexpr std::uint64_t hello_timeout_ms = 5'000;
constexpr std::uint64_t door_retry_ms = 1'000;

std::string reason(int error) { return std::generic_category().message(error); }

/// Sends our hello and waits for the other's; the sockets still block.
bool exchange_hellos(int fd) {
    const timeval patience{.tv_sec = hello_timeout_ms / 1'000, .tv_usec = 0};
    if (::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0) return false;
    const auto ours = encode_hello();
    const auto bytes = ours->bytes();
    if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
        return false;
    std::array<std::uint8_t, hello_bytes> theirs{};
    return ::recv(fd, theirs.data(), theirs.size(), MSG_WAITALL) == static_cast<ssize_t>(theirs.size()) &&
           is_our_hello(theirs);
}

bool set_non_blocking(int fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    return flags >= 0 && ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

}  // namespace

/// One end of the connection between two servers.
class Link::Peer final : public net::StreamHandler {
public:
    /// `greeted`: whether both have said hello.
    Peer(Link& link, net::Stream& stream, bool greeted) : link_(link), stream_(stream), greeted_(greeted) {
        if (!greeted) stream.set_deadline(hello_timeout_ms);
    }

    void on_read(MutableBytes bytes) override {
        reader_.append(bytes);
        while (const auto frame = reader_.next()) {
            if (!greeted_) {
                if (frame->kind != FrameKind::hello) return give_up("no hello");
                greeted_ = true;
                stream_.cancel_deadline();
                link_.accept_successor(*this);
                continue;
            }
            link_.receive(frame->kind, frame->body);
        }
        if (reader_.broken()) give_up("a frame of impossible length");
    }

    void on_deadline() override { give_up("no hello in time"); }
    [[nodiscard]] net::HalfClosed on_peer_end() override { return net::HalfClosed::give_up; }
    void on_end() override {
        if (link_.stream_ == &stream_) link_.peer_ended();
    }

    [[nodiscard]] net::Stream& stream() { return stream_; }

private:
    void give_up(std::string_view why) {
        log::error("handover_link_broken", {{"reason", why}});
        stream_.abort();
    }

    Link& link_;
    net::Stream& stream_;
    FrameReader reader_;
    bool greeted_;
};

Link::Link(net::Loop& loop, hub::Hub& hub, std::function<void()> asked_to_leave)
    : loop_(loop), hub_(hub), asked_to_leave_(std::move(asked_to_leave)), streams_(loop) {}

Link::~Link() {
    hub_.set_relay(nullptr);
    door_name_.clear();
    close_door();
    streams_.abort_all();
}

tl::expected<bool, std::string> Link::follow(const std::string& host, std::uint16_t port) {
    const int fd = connect_to_door(door_name(host, port));
    if (fd < 0 && errno == ECONNREFUSED) return false;
    if (fd < 0) return tl::unexpected("cannot reach the server that is to be replaced: " + reason(errno));
    if (!is_our_own_peer(fd) || !exchange_hellos(fd) || !set_non_blocking(fd)) {
        ::close(fd);
        return tl::unexpected(std::string(
            "the server that is to be replaced does not hand over: it is another user's, of another "
            "version, or has a successor already"));
    }
    auto& stream = streams_.adopt(fd);
    stream_ = &stream;
    stream.replace_handler(std::make_unique<Peer>(*this, stream, true));
    hub_.set_relay(this);
    return true;
}

void Link::open_door(const std::string& host, std::uint16_t port) {
    door_name_ = door_name(host, port);
    // The elder's is closed when the elder has gone.
    if (stream_ == nullptr) open_own_door();
}

void Link::take_over() {
    loop_.post([this] { send(encode_take_over()); });
}

bool Link::flushed() {
    std::promise<bool> answer;
    auto result = answer.get_future();
    loop_.post([&] { answer.set_value(stream_ == nullptr || stream_->pending_bytes() == 0); });
    return result.get();
}

void Link::forward(const hub::App& app, std::span<const hub::Event> events) {
    loop_.post([this, frame = encode_events(app.id, events)] { send(frame); });
}

void Link::on_ready(std::uint32_t /*events*/) {
    const int fd = ::accept4(door_fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    // One successor is enough.
    if (stream_ != nullptr || !is_our_own_peer(fd)) {
        ::close(fd);
        return;
    }
    auto& stream = streams_.adopt(fd);
    stream.replace_handler(std::make_unique<Peer>(*this, stream, false));
}

/// Tries until it can: an elder that the link to is broken keeps its door as long as it lives.
void Link::open_own_door() {
    if (door_fd_ >= 0 || door_name_.empty()) return;
    if (bind_door()) {
        if (std::exchange(door_missed_, false)) log::info("handover_door_opened", {{"door", door_name_}});
        return;
    }
    if (!std::exchange(door_missed_, true))
        log::warning("handover_door_not_opened", {{"door", door_name_}, {"reason", reason(errno)}});
    loop_.set_timer(*this, door_retry_ms);
}

bool Link::bind_door() {
    door_fd_ = open_door_socket(door_name_);
    if (door_fd_ < 0) return false;
    if (loop_.watch(door_fd_, *this, EPOLLIN)) return true;
    const int error = errno;
    ::close(std::exchange(door_fd_, -1));
    errno = error;
    return false;
}

void Link::close_door() {
    if (door_fd_ < 0) return;
    loop_.unwatch(door_fd_);
    ::close(std::exchange(door_fd_, -1));
}

void Link::accept_successor(Peer& peer) {
    if (stream_ != nullptr) return peer.stream().abort();
    stream_ = &peer.stream();
    // Before the answer, after which the successor listens.
    hub_.set_relay(this);
    has_successor_.store(true, std::memory_order_release);
    send(encode_hello());
    log::info("successor_came");
}

void Link::send(const net::SharedFrame& frame) {
    if (stream_ == nullptr || stream_->send(frame, pending_bytes_max) == net::Queued::accepted) return;
    log::error("handover_link_broken", {{"reason", "the other server does not read"}});
    stream_->abort();
}

void Link::receive(FrameKind kind, Bytes body) {
    switch (kind) {
        case FrameKind::events:
            return deliver(body);
        case FrameKind::take_over:
            return asked_to_leave_();
        case FrameKind::hello:
            return;
    }
}

void Link::deliver(Bytes body) {
    const auto published = decode_events(body);
    const auto* const app = published ? hub_.find_app_by_id(published->app_id) : nullptr;
    if (app == nullptr) {
        log::warning("handover_events_dropped", {{"reason", published ? "no such app" : "malformed"}});
        return;
    }
    std::vector<hub::Event> events;
    for (const auto& event : published->events)
        events.push_back({event.name, event.data, event.channels, event.except});
    if (!hub_.deliver(*app, events))
        log::error("handover_events_dropped",
                   {{"app_id", app->id}, {"reason", "too much waits for delivery"}});
}

void Link::peer_ended() {
    hub_.set_relay(nullptr);
    stream_ = nullptr;
    log::info(has_successor_.exchange(false) ? "successor_gone" : "elder_gone");
    open_own_door();
}

}  // namespace parley::handover
