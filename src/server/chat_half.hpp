#pragma once

#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.hpp"
#include "base/current.hpp"
#include "chat/http/chat_api.hpp"
#include "chat/http/worker_pool.hpp"
#include "chat/realtime/broadcaster.hpp"
#include "config/settings.hpp"
#include "hub/hub.hpp"
#include "jobs/queue.hpp"
#include "store/store.hpp"
#include "webhooks/dispatcher.hpp"

namespace parley::server {

/// The chat beside the channels: its database, its threads and what its routes share. Meets the channels in
/// the hub's Publisher, Observer and Control alone.
class ChatHalf final : private chat::Delivery {
public:
    /// Opens the database and makes what every server needs to be there; a sentence for people when it
    /// cannot. `webhooks`, which has not started, keeps what it has to deliver in that database. Before the
    /// loops run. All must outlive it.
    [[nodiscard]] static tl::expected<std::unique_ptr<ChatHalf>, std::string> open(
        const config::Settings& settings, const Clock& clock, hub::Hub& hub, webhooks::Dispatcher& webhooks);

    /// Ends its threads and closes the database. After the loops have ended.
    ~ChatHalf();
    ChatHalf(const ChatHalf&) = delete;
    ChatHalf& operator=(const ChatHalf&) = delete;

    /// Adds the REST API to a loop's router. `parser` is the loop's.
    void add_routes(http::Router& router, json::Parser& parser) {
        chat::add_chat_api(router, parser, services_);
    }

    /// Tells the broadcaster that clients can connect, so that it sends soon what a crash kept back.
    void listening();

    /// Goes by `settings` from now on, but for what is opened at a start. Any thread.
    void reconfigure(const config::Settings& settings);

    /// To be told before connections are sent away: what is committed from now on stays in the outbox, for
    /// the next start to send when there is somebody to hear it.
    void drain() { broadcaster_.stop(); }

private:
    ChatHalf(const config::Settings& settings, const Clock& clock, hub::Hub& hub,
             webhooks::Dispatcher& webhooks, std::unique_ptr<store::Store> store,
             std::unique_ptr<chat::FileStore> files);

    void deliver(std::vector<chat::Broadcast> broadcasts) override;
    void jobs_added() override;
    [[nodiscard]] jobs::Handlers job_handlers();
    [[nodiscard]] bool prepare();

    const Clock& clock_;
    webhooks::Dispatcher& webhooks_;
    const std::uint64_t replay_delay_ms_;
    Current<chat::Policy> policy_;
    Current<std::vector<std::string>> allowed_origins_;

    // Each outlives what stands below it.
    std::unique_ptr<store::Store> store_;
    chat::Throttle requests_;
    chat::Throttle messages_;
    chat::Throttle logins_;
    chat::Throttle registrations_;
    chat::SocketRegistry sockets_;
    chat::Broadcaster broadcaster_;
    chat::OnlineUsers online_;
    chat::Typing typing_;
    chat::WorkerPool passwords_;
    chat::Backend backend_;
    chat::AttachmentServices attachments_;
    jobs::Queue queue_;
    chat::SignInServices sign_in_;
    chat::ApiServices services_;
};

}  // namespace parley::server
