#include "net/connector.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "net/socket_address.hpp"

namespace parley::net {

namespace {

std::error_code error_of(int number) { return {number, std::generic_category()}; }

void set_option(int fd, int level, int name, int value) { setsockopt(fd, level, name, &value, sizeof value); }

/// The socket with its options. Those are wishes: a kernel that does not grant one still connects.
int make_socket(const ConnectOptions& options) {
    const int fd = socket(options.peer.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return fd;
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    if (options.receive_buffer_bytes > 0) set_option(fd, SOL_SOCKET, SO_RCVBUF, options.receive_buffer_bytes);
    if (options.resets_on_close) {
        const linger at_once = {.l_onoff = 1, .l_linger = 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    return fd;
}

bool bind_source(int fd, sockaddr_storage source) {
    // Without it bind would take a port of the source alone, and 28,000 of them would be all.
    set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    return bind(fd, reinterpret_cast<const sockaddr*>(&source), size_of(source)) == 0;
}

}  // namespace

/// One connection that is being made; owns its socket until it is handed over.
class Connector::Attempt final : public Buriable, private Pollable, private Timer {
public:
    Attempt(Connector& connector, Done done) : connector_(connector), done_(std::move(done)) {}
    ~Attempt() override {
        if (fd_ < 0) return;
        connector_.loop_.unwatch(fd_);
        close(fd_);
    }

    /// What goes wrong at once is told by the timer, so that it is never told within `connect`.
    void begin(const ConnectOptions& options) {
        const bool begun = open(options);
        if (!begun) error_ = errno;
        connector_.loop_.set_timer(*this, begun ? options.timeout_ms : 0);
    }

    void tell(tl::expected<int, std::error_code> outcome) { done_(outcome); }

private:
    void on_ready(std::uint32_t /*events*/) override {
        if (fd_ < 0) return;
        connector_.loop_.cancel_timer(*this);  // it may be due in this very turn
        int error = 0;
        socklen_t size = sizeof error;
        if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
        if (error != 0) return connector_.finish(*this, tl::unexpected(error_of(error)));
        connector_.loop_.unwatch(fd_);
        connector_.finish(*this, std::exchange(fd_, -1));
    }

    void on_timer() override { connector_.finish(*this, tl::unexpected(error_of(error_))); }

    /// False with errno set.
    [[nodiscard]] bool open(const ConnectOptions& options) {
        fd_ = make_socket(options);
        if (fd_ < 0) return false;
        if (options.source && !bind_source(fd_, *options.source)) return false;
        const auto* peer = reinterpret_cast<const sockaddr*>(&options.peer);
        if (::connect(fd_, peer, size_of(options.peer)) != 0 && errno != EINPROGRESS) return false;
        return connector_.loop_.watch(fd_, *this, EPOLLOUT);
    }

    Connector& connector_;
    Done done_;
    int fd_ = -1;
    int error_ = ETIMEDOUT;  // what the timer tells
};

Connector::Connector(Loop& loop) : loop_(loop) {}
Connector::~Connector() = default;

void Connector::connect(const ConnectOptions& options, Done done) {
    auto attempt = std::make_unique<Attempt>(*this, std::move(done));
    auto& begun = *attempt;
    attempts_.emplace(&begun, std::move(attempt));
    begun.begin(options);
}

void Connector::finish(Attempt& attempt, tl::expected<int, std::error_code> outcome) {
    const auto place = attempts_.find(&attempt);
    auto finished = std::move(place->second);
    attempts_.erase(place);
    attempt.tell(outcome);
    loop_.bury(std::move(finished));  // it may be the caller
}

}  // namespace parley::net
