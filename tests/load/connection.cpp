#include "connection.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

namespace parley::load {

namespace {

int connect_to(const Endpoint& endpoint) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    if (inet_pton(AF_INET, endpoint.host.c_str(), &address.sin_addr) != 1)
        throw std::runtime_error(endpoint.host + " is no IPv4 address");
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) throw std::runtime_error("no socket to be had");
    const int yes = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0) {
        close(descriptor);
        throw std::runtime_error("cannot connect to " + endpoint.authority());
    }
    return descriptor;
}

}  // namespace

Connection::Connection(Poller& poller, const Endpoint& endpoint)
    : poller_(poller), descriptor_(connect_to(endpoint)) {
    poller_.add(descriptor_, *this);
}

Connection::~Connection() { close(descriptor_); }

void Connection::on_ready(std::uint32_t events) {
    if ((events & EPOLLOUT) != 0) {
        flush();
        if (unsent_.empty()) poller_.change(descriptor_, *this, Interest::reading);
    }
    if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) read();
}

void Connection::write(std::string_view bytes) {
    const bool waiting = !unsent_.empty();
    unsent_ += bytes;
    if (waiting) return;
    flush();
    if (!unsent_.empty()) poller_.change(descriptor_, *this, Interest::reading_and_writing);
}

void Connection::flush() {
    const auto sent = ::send(descriptor_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
        unsent_.erase(0, static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN) {
        throw std::runtime_error("a connection broke while it was written to");
    }
}

void Connection::read() {
    auto& block = poller_.block();
    const auto received = ::recv(descriptor_, block.data(), block.size(), 0);
    if (received < 0 && errno == EAGAIN) return;
    if (received <= 0) throw std::runtime_error("the server has closed a connection");
    input_.append(block.data(), static_cast<std::size_t>(received));
    input_.erase(0, take(input_));
}

}  // namespace parley::load
