#include "net/socket_io.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace parley::net {

namespace {

constexpr std::size_t pieces_per_write_max = 64;  // far below IOV_MAX; more pieces gain nothing

bool is_temporary(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

Received receive(int fd, MutableBytes buffer) {
    const auto got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got > 0) return {Transfer::done, static_cast<std::size_t>(got)};
    if (got == 0) return {Transfer::peer_ended};
    return {is_temporary(errno) ? Transfer::wants_read : Transfer::failed};
}

Transfer transmit(int fd, Outbox& outbox) {
    while (!outbox.empty()) {
        std::array<iovec, pieces_per_write_max> pieces;
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = outbox.gather(pieces);
        const auto sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return is_temporary(errno) ? Transfer::wants_write : Transfer::failed;
        outbox.consume(static_cast<std::size_t>(sent));
    }
    return Transfer::done;
}

}  // namespace parley::net
