#include "bench/pacer.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/check.hpp"

namespace parley::bench {

namespace {

constexpr Nanoseconds pause_min = 100'000;

}  // namespace

Pacer::Pacer(net::Loop& loop, std::function<void()> wake)
    : loop_(loop),
      wake_(std::move(wake)),
      descriptor_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    if (descriptor_ < 0 || !loop_.watch(descriptor_, *this, EPOLLIN))
        throw std::system_error(errno, std::generic_category(), "timerfd");
}

Pacer::~Pacer() {
    loop_.unwatch(descriptor_);
    close(descriptor_);
}

void Pacer::wake_at(Nanoseconds time) {
    // First, or a call for an earlier time would put off a timer that is about to go off.
    time = std::max(time, now_ns() + pause_min);
    if (next_ != 0 && next_ <= time) return;
    next_ = time;
    itimerspec setting{};
    setting.it_value.tv_sec = static_cast<time_t>(time / nanoseconds_per_second);
    setting.it_value.tv_nsec = static_cast<long>(time % nanoseconds_per_second);
    PARLEY_CHECK(timerfd_settime(descriptor_, TFD_TIMER_ABSTIME, &setting, nullptr) == 0, "the timer is set");
}

void Pacer::on_ready(std::uint32_t /*events*/) {
    std::uint64_t expirations = 0;
    [[maybe_unused]] const auto got = read(descriptor_, &expirations, sizeof expirations);
    next_ = 0;
    wake_();
}

}  // namespace parley::bench
