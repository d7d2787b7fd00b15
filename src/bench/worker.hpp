#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "base/clock.hpp"
#include "bench/sender.hpp"

namespace parley::bench {

/// One thread of a run with its loop, its share of the connections and its sender. Its functions are for the
/// thread that made it; what it has counted is there once `stop` has returned.
class Worker final : private net::Timer {
public:
    /// Starts the thread, which begins at once to open connections. `run` must outlive the worker. Throws
    /// std::system_error when the kernel gives no descriptors or threads.
    Worker(const RunContext& run, std::size_t number);
    ~Worker() override;

    /// Whether all is open that has to be.
    [[nodiscard]] bool ready() const { return ready_; }
    void begin(const Window& window);

    /// Whether everything is sent and answered, once it has begun.
    [[nodiscard]] bool finished() const { return finished_; }

    /// Lets those who did not read see whether the server has ended them.
    void wake_slow();

    /// Ends everything and waits for the thread. Once.
    void stop();

    /// After `stop`.
    [[nodiscard]] const Figures& figures() const { return place_.figures; }
    [[nodiscard]] const Audience& audience() const { return audience_; }
    [[nodiscard]] std::uint64_t accepted(std::size_t channel, std::size_t sender) const {
        return sender_ ? sender_->accepted(channel, sender) : 0;
    }

private:
    void on_timer() override;
    void end_on_loop();

    SystemClock clock_;
    net::Loop loop_{clock_};
    // The clients must outlive their streams and connections that are being made.
    net::Connector connector_{loop_};
    net::StreamSet streams_{loop_};
    Workplace place_;
    Audience audience_;
    std::unique_ptr<Sender> sender_;
    bool begun_ = false;  // the thread's own
    std::atomic<bool> ready_{false};
    std::atomic<bool> finished_{false};
    std::thread thread_;
};

}  // namespace parley::bench
