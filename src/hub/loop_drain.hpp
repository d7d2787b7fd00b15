#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "hub/session_list.hpp"
#include "net/loop.hpp"
#include "pusher/close_code.hpp"

namespace parley::hub {

/// How the connections of a server that ends are sent away.
struct Drain {
    pusher::CloseCode code = pusher::CloseCode::over_capacity;
    std::string sentence = {};
    std::int64_t connections_per_second = 500;  // at least 1; over all loops
};

/// Sends the connections of one loop away, few at a time, so that the server that they come to is not run
/// over. Belongs to its loop.
class LoopDrain final : private net::Timer {
public:
    /// Both must outlive it.
    LoopDrain(net::Loop& loop, const SessionList& sessions) : loop_(loop), sessions_(sessions) {}
    ~LoopDrain();
    LoopDrain(const LoopDrain&) = delete;
    LoopDrain& operator=(const LoopDrain&) = delete;

    /// Begins. `loop_count`: among how many loops the rate is shared.
    void begin(const Drain& drain, std::size_t loop_count);

private:
    void on_timer() override;

    net::Loop& loop_;
    const SessionList& sessions_;
    std::optional<Drain> drain_;
    std::size_t loop_count_ = 1;
    std::uint64_t begun_at_ms_ = 0;
    std::uint64_t closed_ = 0;  // connections so far
};

}  // namespace parley::hub
