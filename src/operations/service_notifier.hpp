#pragma once

#include <sys/un.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::operations {

/// Tells the service manager how the server does (sd_notify(3)): one datagram for each thing it says, to the
/// socket that NOTIFY_SOCKET names. Without that variable, or when nobody listens, it says nothing. Any
/// thread.
class ServiceNotifier {
public:
    /// `address`: the value of NOTIFY_SOCKET, a path, or a name of the abstract namespace behind `@`; empty
    /// for none. `watchdog_us`: that of WATCHDOG_USEC, 0 for none.
    explicit ServiceNotifier(std::string_view address, std::uint64_t watchdog_us = 0);
    ~ServiceNotifier();
    ServiceNotifier(const ServiceNotifier&) = delete;
    ServiceNotifier& operator=(const ServiceNotifier&) = delete;

    /// As the environment of this process says, where what it says of the watchdog is meant for this process.
    [[nodiscard]] static ServiceNotifier from_environment();

    /// The server serves, for the first time or again after `reloading`.
    void ready();

    /// The configuration is being read again; `ready` must follow.
    void reloading();

    /// The server has begun to end.
    void stopping();

    /// A line for `systemctl status`.
    void status(std::string_view text);

    /// A process `id` is the service from now on.
    void main_process(std::int64_t id);

    /// The server is alive: to be said every `watchdog_interval_ms`, or it is taken for stuck.
    void alive();

    /// How often to call `alive`: half of what the manager allows. Empty when it does not ask.
    [[nodiscard]] std::optional<std::uint64_t> watchdog_interval_ms() const;

private:
    void send(std::string_view message) const;

    int fd_ = -1;
    sockaddr_un address_{};
    unsigned address_bytes_ = 0;
    std::uint64_t watchdog_us_;
};

}  // namespace parley::operations
