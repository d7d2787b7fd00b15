#include "hub/loop_drain.hpp"

namespace parley::hub {

namespace {

constexpr std::uint64_t step_ms = 20;
constexpr std::uint64_t ms_per_s = 1'000;

}  // namespace

LoopDrain::~LoopDrain() { loop_.cancel_timer(*this); }

void LoopDrain::begin(const Drain& drain, std::size_t loop_count) {
    drain_ = drain;
    loop_count_ = loop_count;
    begun_at_ms_ = loop_.now_ms();
    closed_ = 0;
    on_timer();
}

void LoopDrain::on_timer() {
    const auto rate = static_cast<std::uint64_t>(drain_->connections_per_second);
    // The first step's share at once.
    const auto elapsed_ms = loop_.now_ms() - begun_at_ms_ + step_ms;
    const auto due = elapsed_ms * rate / (ms_per_s * loop_count_) + 1;
    for (auto* const session : sessions_.all()) {
        if (closed_ >= due) break;
        if (session->closing()) continue;
        session->close(drain_->code, drain_->sentence);
        ++closed_;
    }
    // Newcomers are sent away, too.
    loop_.set_timer(*this, step_ms);
}

}  // namespace parley::hub
