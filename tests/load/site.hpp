#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "database.hpp"
#include "options.hpp"
#include "poller.hpp"
#include "report.hpp"
#include "server_process.hpp"
#include "setup.hpp"
#include "subscriber.hpp"

namespace parley::load {

/// Somebody who hears what is sent.
struct Listener {
    const Person& person;
    Subscriber::OnEvent on_event;
};

/// A running server, furnished for a scenario: our own on a fresh database, or one that runs already.
class Site {
public:
    /// Of our own server what the scenario needs is made before it starts.
    Site(const Options& options, const std::function<void(Setup&)>& furnish);

    /// The same for scenarios that also need the database itself.
    Site(const Options& options, const std::function<void(Setup&, store::Store&)>& furnish);

    [[nodiscard]] Poller& poller() { return poller_; }
    [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }

    /// Connects everybody and has them subscribed to their own channels.
    [[nodiscard]] std::vector<std::unique_ptr<Subscriber>> connect(std::vector<Listener> listeners);

    /// Empty when it runs elsewhere.
    [[nodiscard]] std::optional<Usage> server_usage() const;

    /// Ends our own server, which then says what its database did.
    [[nodiscard]] std::optional<StoreTotals> stop_server();

    /// The first lines of every report.
    void describe(Report& report) const;

private:
    void start_server();

    const Options& options_;
    Poller poller_;
    std::optional<Database> database_;
    std::optional<ServerProcess> server_;
    Endpoint endpoint_;
};

}  // namespace parley::load
