#include "net/socket_io.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace parley::net {

namespace {

constexpr std::size_t pieces_per_write_max = 64;  // far below IOV_MAX; more pieces gain nothing

bool is_temporary(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

/// How many bytes the kernel took, or -1 with errno set.
ssize_t write_front(int fd, const Outbox& outbox, int flags) {
    std::array<iovec, pieces_per_write_max> pieces;
    const auto count = outbox.gather(pieces);
    // Mostly there is one, and that needs no list which the kernel would have to copy and check.
    if (count == 1) return send(fd, pieces[0].iov_base, pieces[0].iov_len, flags);
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    return sendmsg(fd, &message, flags);
}

}  // namespace

Received receive(int fd, MutableBytes buffer) {
    const auto got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got > 0) return {Transfer::done, static_cast<std::size_t>(got)};
    if (got == 0) return {Transfer::peer_ended};
    return {is_temporary(errno) ? Transfer::wants_read : Transfer::failed};
}

Transfer transmit(int fd, Outbox& outbox, Behind behind) {
    const int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (behind == Behind::end_of_output ? MSG_MORE : 0);
    while (!outbox.empty()) {
        const auto sent = write_front(fd, outbox, flags);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return is_temporary(errno) ? Transfer::wants_write : Transfer::failed;
        outbox.consume(static_cast<std::size_t>(sent));
    }
    return Transfer::done;
}

}  // namespace parley::net
