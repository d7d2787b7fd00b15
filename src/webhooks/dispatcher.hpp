#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.hpp"
#include "base/current.hpp"
#include "base/limits.hpp"
#include "hub/directory.hpp"
#include "hub/observer.hpp"
#include "jobs/queue.hpp"
#include "store/store.hpp"
#include "webhooks/collector.hpp"
#include "webhooks/courier.hpp"
#include "webhooks/delivery_log.hpp"
#include "webhooks/delivery_queue.hpp"
#include "webhooks/drop_report.hpp"
#include "webhooks/inbox.hpp"
#include "webhooks/sender.hpp"

namespace parley::webhooks {

class DurableQueue;

/// Tells apps' back ends what happens (HTTP API, "Webhooks"), on a thread of its own, which nothing else
/// waits for. Without a store what is to be delivered waits in memory.
class Dispatcher final : public hub::Observer {
public:
    struct Options {
        Limits limits = {};
        Addresses addresses = Addresses::all;
        std::string ca_file = {};  // certificates in PEM that are trusted; empty: the system's
    };

    /// Why no webhook could be sent with these options, a sentence for people.
    [[nodiscard]] static tl::expected<void, std::string> check(const Options& options);

    /// Both must outlive it.
    Dispatcher(const hub::Directory& apps, const Clock& clock, Options options);

    /// Stops without patience.
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    /// Goes by `options` from now on: what is on its way is sent as it began. Any thread.
    void reconfigure(Options options);

    /// What does the jobs of kind `webhooks::job_kind`, for the jobs' queue of the store. `use_store` must
    /// follow, and the dispatcher must outlive the jobs' queue.
    [[nodiscard]] jobs::OutsideHandler job_handler();

    /// Keeps requests in this store; `jobs_added` tells its jobs' queue of them, from the dispatcher's
    /// thread. Before `start`. The store must stay open until `stop` has returned.
    void use_store(store::Store& store, std::function<void()> jobs_added);

    /// Begins to deliver. Before anything happens that is to be told.
    void start();

    /// Takes what happened so far for the end: those who have left are told without delay, and what is
    /// collected is written to the store, or sent if there is none. Returns when that is done, after
    /// `patience_ms` at the latest. Later events are lost. One thread.
    void stop(std::int64_t patience_ms);

    [[nodiscard]] const DeliveryLog& log() const { return log_; }

    void member_joined(const hub::App& app, std::string_view channel, const hub::PresentUser& user) override;
    void member_left(const hub::App& app, std::string_view channel, std::string_view user_id) override;
    void signed_in(const hub::App& app, std::string_view user_id) override;
    void signed_out(const hub::App& app, std::string_view user_id) override;
    void channel_occupied(const hub::App& app, std::string_view channel) override;
    void channel_vacated(const hub::App& app, std::string_view channel) override;
    void cache_missed(const hub::App& app, std::string_view channel) override;
    void subscription_count_told(const hub::App& app, std::string_view channel, std::uint64_t count) override;
    void client_event(const hub::App& app, const hub::ObservedClientEvent& event) override;
    void connection_closed(const hub::App& app, pusher::SocketId socket) override;

private:
    void follow_options();
    void defer(std::function<void()> task);
    void put(const hub::App& app, Event event);
    void run();
    void take_inbox();
    void pass_on(std::vector<Request> requests);
    void begin_to_stop();
    [[nodiscard]] bool is_over() const;
    [[nodiscard]] int wait_ms() const;

    const Clock& clock_;
    Current<Options> options_;
    Limits limits_;  // of `options_`, as the thread has taken them over
    DeliveryLog log_;
    DropReport drops_{log_};
    Inbox inbox_;
    Sender sender_;
    Courier courier_;
    Collector collector_;
    std::unique_ptr<DeliveryQueue> queue_;
    DurableQueue* durable_ = nullptr;            // `queue_`, if it is one
    std::atomic<std::int64_t> patience_ms_{-1};  // set when it is to stop
    std::uint64_t stop_at_ms_ = 0;               // 0: not to be stopped; of the thread, like all above
    std::thread thread_;
};

}  // namespace parley::webhooks
