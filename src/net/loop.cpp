#include "net/loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include "base/check.hpp"

namespace parley::net {

namespace {

constexpr std::size_t read_bytes_max = 65'536;
constexpr std::size_t events_per_turn_max = 512;
constexpr std::uint64_t wait_ms_max = 60'000;

int checked(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

}  // namespace

/// An eventfd that other threads write to, so that epoll_wait returns.
class Loop::Wakeup final : public Pollable {
public:
    Wakeup() : fd_(checked(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")) {}
    ~Wakeup() { close(fd_); }
    Wakeup(const Wakeup&) = delete;
    Wakeup& operator=(const Wakeup&) = delete;

    [[nodiscard]] int fd() const { return fd_; }

    void signal() const {
        const std::uint64_t one = 1;
        // It fails where 2^64 of them have been written, which is never.
        [[maybe_unused]] const auto written = write(fd_, &one, sizeof one);
    }

    /// Nothing to do: it is watched edge-triggered, so that the count need not be read.
    void on_ready(std::uint32_t /*events*/) override {}

private:
    int fd_;
};

Loop::Loop(const Clock& clock)
    : clock_(clock),
      epoll_fd_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wakeup_(std::make_unique<Wakeup>()),
      now_ms_(clock.steady_ms()),
      timers_(now_ms_),
      read_buffer_(read_bytes_max) {
    checked(watch(wakeup_->fd(), *wakeup_, EPOLLIN | EPOLLET) ? 0 : -1, "epoll_ctl");
}

Loop::~Loop() {
    buried_.clear();
    close(epoll_fd_);
}

void Loop::run() {
    while (!stopping_.load(std::memory_order_acquire)) run_once(wait_ms_max);
}

void Loop::run_once(std::uint64_t wait_ms) {
    thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    const auto begun_us = wait_and_dispatch(wait_ms);
    timers_.advance(now_ms_);
    run_posted();
    finish_turn();
    statistics_.turns.record(metrics::steady_us() - begun_us);
}

void Loop::stop() {
    stopping_.store(true, std::memory_order_release);
    wakeup_->signal();
}

void Loop::post(std::function<void()> function) {
    bool waits = false;
    {
        const std::lock_guard lock(posted_mutex_);
        if (posted_.empty()) posted_us_ = metrics::steady_us();
        posted_.push_back(std::move(function));
        waits = waiting_.exchange(false, std::memory_order_relaxed);
    }
    if (waits) wakeup_->signal();
}

bool Loop::watch(int fd, Pollable& pollable, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &pollable;
    return epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Loop::rewatch(int fd, Pollable& pollable, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &pollable;
    PARLEY_CHECK(epoll_ctl(epoll_fd_, EPOLL_CTL_MOD, fd, &event) == 0, "the descriptor is not being watched");
}

void Loop::unwatch(int fd) { epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr); }

void Loop::at_turn_end(Phase phase, TurnTask& task) {
    tasks_[static_cast<std::size_t>(phase)].push_back(&task);
}

void Loop::withdraw(Phase phase, TurnTask& task) {
    std::erase(tasks_[static_cast<std::size_t>(phase)], &task);
}

void Loop::bury(std::unique_ptr<Buriable> object) { buried_.push_back(std::move(object)); }

/// Whether nothing is posted, so that the loop may wait: from here on `post` wakes it. While it is at work
/// `post` need not, which spares those who post a system call.
bool Loop::begin_waiting() {
    const std::lock_guard lock(posted_mutex_);
    waiting_.store(posted_.empty(), std::memory_order_relaxed);
    return posted_.empty();
}

/// Returns when the waiting was over.
std::uint64_t Loop::wait_and_dispatch(std::uint64_t wait_ms) {
    wait_ms = std::min(wait_ms, timers_.idle_ms(clock_.steady_ms()).value_or(wait_ms));
    if (!begin_waiting()) wait_ms = 0;
    std::array<epoll_event, events_per_turn_max> events;
    const int count =
        epoll_wait(epoll_fd_, events.data(), static_cast<int>(events.size()), static_cast<int>(wait_ms));
    PARLEY_CHECK(count >= 0 || errno == EINTR, "epoll_wait failed");
    waiting_.store(false, std::memory_order_relaxed);
    const auto begun_us = metrics::steady_us();
    now_ms_ = clock_.steady_ms();
    for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        static_cast<Pollable*>(event.data.ptr)->on_ready(event.events);
    }
    return begun_us;
}

void Loop::run_posted() {
    std::vector<std::function<void()>> functions;
    std::uint64_t posted_us = 0;
    {
        const std::lock_guard lock(posted_mutex_);
        functions.swap(posted_);
        posted_us = posted_us_;
    }
    if (!functions.empty()) statistics_.delays.record(metrics::steady_us() - posted_us);
    for (const auto& function : functions) function();
}

void Loop::finish_turn() {
    const auto due = [this] {
        return std::find_if(std::begin(tasks_), std::end(tasks_),
                            [](const auto& list) { return !list.empty(); });
    };
    for (auto* phase = due(); phase != std::end(tasks_); phase = due()) {
        // One task at a time: running it may withdraw others, or add to an earlier phase, which then goes
        // first.
        auto* const task = phase->back();
        phase->pop_back();
        task->run_in_turn();
    }
    // What is buried may bury in turn.
    while (!buried_.empty()) std::exchange(buried_, {}).clear();
}

}  // namespace parley::net
