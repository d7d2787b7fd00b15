#include "net/listener.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "net/socket_address.hpp"

namespace parley::net {

namespace {

constexpr int accepted_per_turn_max = 64;  // or a storm of connections starves those that are open
constexpr int backlog = 4096;              // capped by net.core.somaxconn
constexpr std::uint64_t pause_ms = 100;

std::string reason(int error) { return std::generic_category().message(error); }

/// Whether other listeners may have the same port.
enum class Sharing : bool { no, yes };

/// Switches an integer socket option on.
bool switch_on(int fd, int level, int option) {
    const int on = 1;
    return setsockopt(fd, level, option, &on, sizeof on) == 0;
}

/// A socket bound to the endpoint, to be closed by the caller; or a sentence about why there is none.
tl::expected<int, std::string> bind_socket(const Endpoint& endpoint, Sharing sharing) {
    const auto address = make_address(endpoint.host, endpoint.port);
    if (!address)
        return tl::unexpected("cannot listen on '" + endpoint.host + "': not an IPv4 or IPv6 address");
    const int fd = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && switch_on(fd, SOL_SOCKET, SO_REUSEADDR) &&
        (sharing == Sharing::no || switch_on(fd, SOL_SOCKET, SO_REUSEPORT)) &&
        bind(fd, reinterpret_cast<const sockaddr*>(&*address), size_of(*address)) == 0)
        return fd;
    const int error = errno;
    if (fd >= 0) close(fd);
    return tl::unexpected("cannot listen on " + to_string(*address) + ": " + reason(error));
}

}  // namespace

tl::expected<std::unique_ptr<Listener>, std::string> Listener::open(Loop& loop, StreamSet& streams,
                                                                    const Endpoint& endpoint, Accept accept,
                                                                    TlsContext* tls) {
    const auto fd = bind_socket(endpoint, Sharing::yes);
    if (!fd) return tl::unexpected(fd.error());
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    getsockname(*fd, reinterpret_cast<sockaddr*>(&bound), &size);
    auto listener =
        std::unique_ptr<Listener>(new Listener(loop, streams, *fd, port_of(bound), std::move(accept), tls));
    // Accepted sockets inherit it. Without it the kernel holds back small frames; failing leaves slower
    // connections, no broken ones.
    switch_on(*fd, IPPROTO_TCP, TCP_NODELAY);
    if (::listen(*fd, backlog) != 0 || !loop.watch(*fd, *listener, EPOLLIN))
        return tl::unexpected("cannot listen on " + to_string(bound) + ": " + reason(errno));
    return listener;
}

tl::expected<void, std::string> Listener::check_free(const Endpoint& endpoint) {
    const auto fd = bind_socket(endpoint, Sharing::no);
    if (!fd) return tl::unexpected(fd.error());
    close(*fd);
    return {};
}

Listener::Listener(Loop& loop, StreamSet& streams, int fd, std::uint16_t port, Accept accept, TlsContext* tls)
    : loop_(loop), streams_(streams), accept_(std::move(accept)), tls_(tls), fd_(fd), port_(port) {}

Listener::~Listener() { close_socket(); }

void Listener::stop() {
    if (fd_ < 0) return;
    // What comes between the last accept and the close is reset by the kernel; clients try again.
    while (accept_some(FirstRead::in_the_next_turn) == accepted_per_turn_max) {
    }
    close_socket();
}

void Listener::close_socket() {
    if (fd_ < 0) return;
    loop_.cancel_timer(*this);
    loop_.unwatch(fd_);
    close(std::exchange(fd_, -1));
}

void Listener::on_ready(std::uint32_t /*events*/) { accept_some(FirstRead::at_once); }

/// Accepts a turn's share, and returns how many tries that took: fewer when the kernel has no more.
int Listener::accept_some(FirstRead first_read) {
    for (int i = 0; i < accepted_per_turn_max; ++i) {
        const int fd = accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
        if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return i;
        if (fd < 0) {
            pause_accepting(errno);
            return i;
        }
        auto* const stream = adopt(fd);
        // Clients speak first: mostly their first bytes are there, and reading them here saves a turn.
        if (stream != nullptr && first_read == FirstRead::at_once) stream->read_at_once();
    }
    return accepted_per_turn_max;
}

/// Null when there is no memory for it.
Stream* Listener::adopt(int fd) {
    std::unique_ptr<TlsSession> session;
    if (tls_ != nullptr && !(session = tls_->accept(fd))) {
        log::error("tls_session_not_made", {{"port", port_}, {"reason", "out of memory"}});
        close(fd);
        return nullptr;
    }
    Stream& stream = streams_.adopt(fd, std::move(session));
    stream.replace_handler(accept_(stream));
    return &stream;
}

void Listener::on_timer() { loop_.rewatch(fd_, *this, EPOLLIN); }

void Listener::pause_accepting(int error) {
    // Mostly EMFILE: the connection stays in the kernel's queue, and asking again at once would spin.
    log::error("accept_failed", {{"port", port_}, {"reason", reason(error)}, {"pause_ms", pause_ms}});
    loop_.rewatch(fd_, *this, 0);
    loop_.set_timer(*this, pause_ms);
}

}  // namespace parley::net
