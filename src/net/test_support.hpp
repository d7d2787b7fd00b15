#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "net/loop.hpp"

namespace parley::net::test {

/// The peer's end of a connection, read and written without blocking. For tests.
class Peer {
public:
    explicit Peer(int fd) : fd_(fd) {}
    Peer(Peer&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Peer& operator=(Peer&&) = delete;
    ~Peer() { hang_up(); }

    void hang_up() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }
    void end_output() { ::shutdown(fd_, SHUT_WR); }
    [[nodiscard]] int fd() const { return fd_; }

    /// How many bytes the kernel took.
    std::size_t write(std::string_view bytes) {
        const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        return sent < 0 ? 0 : static_cast<std::size_t>(sent);
    }

    /// What has arrived so far.
    std::string read() {
        std::string all;
        char buffer[65'536];
        for (ssize_t got = 0; (got = ::recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT)) != 0;) {
            if (got < 0) {
                ended_ = ended_ || (errno != EAGAIN && errno != EWOULDBLOCK);
                return all;
            }
            all.append(buffer, static_cast<std::size_t>(got));
        }
        ended_ = true;
        return all;
    }

    /// Whether the last `read` met the end of the connection.
    [[nodiscard]] bool ended() const { return ended_; }

private:
    int fd_;
    bool ended_ = false;
};

/// Two ends of one connection: the first for a StreamSet, the second for the test.
inline std::pair<int, Peer> connected_pair() {
    int fds[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) != 0) std::abort();
    return {fds[0], Peer(fds[1])};
}

/// Runs turns of `loop` until `condition` holds; false when it does not within many turns.
inline bool run_until(Loop& loop, const std::function<bool()>& condition) {
    for (int turn = 0; turn < 2'000 && !condition(); ++turn) loop.run_once(5);
    return condition();
}

}  // namespace parley::net::test
