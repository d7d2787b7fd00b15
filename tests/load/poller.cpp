#include "poller.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <span>

namespace parley::load {

namespace {

constexpr std::size_t block_bytes = 262'144;

volatile std::sig_atomic_t interrupted = 0;

void control(int poller, int operation, int descriptor, Pollable& pollable, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &pollable;
    if (epoll_ctl(poller, operation, descriptor, &event) != 0) throw std::runtime_error("epoll_ctl failed");
}

}  // namespace

void interrupt(int /*signal*/) { interrupted = 1; }

Poller::Poller() : descriptor_(epoll_create1(EPOLL_CLOEXEC)), block_(block_bytes) {
    if (descriptor_ < 0) throw std::runtime_error("epoll_create1 failed");
}

Poller::~Poller() { close(descriptor_); }

void Poller::add(int descriptor, Pollable& pollable) {
    control(descriptor_, EPOLL_CTL_ADD, descriptor, pollable, EPOLLIN);
}

void Poller::change(int descriptor, Pollable& pollable, Interest interest) {
    const std::uint32_t events = interest == Interest::reading ? EPOLLIN : EPOLLIN | EPOLLOUT;
    control(descriptor_, EPOLL_CTL_MOD, descriptor, pollable, events);
}

void Poller::turn(Nanoseconds timeout) {
    if (interrupted != 0) throw std::runtime_error("interrupted");
    std::array<epoll_event, 512> events;
    const timespec wait{.tv_sec = timeout / second, .tv_nsec = timeout % second};
    const int count =
        epoll_pwait2(descriptor_, events.data(), static_cast<int>(events.size()), &wait, nullptr);
    if (count < 0 && errno != EINTR) throw std::runtime_error("epoll_pwait2 failed");
    if (count <= 0) return;
    for (const auto& event : std::span(events).first(static_cast<std::size_t>(count)))
        static_cast<Pollable*>(event.data.ptr)->on_ready(event.events);
}

}  // namespace parley::load
