#include "operations/service_notifier.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <system_error>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"

namespace parley::operations {

namespace {

std::string_view variable(const char* name) {
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read before threads start
    return value == nullptr ? std::string_view() : std::string_view(value);
}

std::uint64_t monotonic_us() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
}

/// Without what would begin another line of the message.
std::string one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace(line, '\n', ' ');
    return line;
}

}  // namespace

ServiceNotifier::ServiceNotifier(std::string_view address, std::uint64_t watchdog_us)
    : watchdog_us_(watchdog_us) {
    if (address.empty()) return;
    if ((address[0] != '/' && address[0] != '@') || address.size() >= sizeof address_.sun_path) {
        log::warning("service_manager_not_told",
                     {{"reason", "NOTIFY_SOCKET is no address of a local socket"}});
        return;
    }
    address_.sun_family = AF_UNIX;
    std::ranges::copy(address, address_.sun_path);
    if (address[0] == '@') address_.sun_path[0] = '\0';
    address_bytes_ = static_cast<unsigned>(offsetof(sockaddr_un, sun_path) + address.size());
    fd_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd_ < 0)
        log::warning("service_manager_not_told", {{"reason", std::generic_category().message(errno)}});
}

ServiceNotifier::~ServiceNotifier() {
    if (fd_ >= 0) close(fd_);
}

ServiceNotifier ServiceNotifier::from_environment() {
    const auto process = parse_decimal(variable("WATCHDOG_PID"));
    const bool ours = !process || *process == static_cast<std::uint64_t>(getpid());
    return ServiceNotifier(variable("NOTIFY_SOCKET"),
                           ours ? parse_decimal(variable("WATCHDOG_USEC")).value_or(0) : 0);
}

void ServiceNotifier::ready() { send("READY=1"); }

void ServiceNotifier::reloading() { send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic_us())); }

void ServiceNotifier::stopping() { send("STOPPING=1"); }

void ServiceNotifier::status(std::string_view text) { send("STATUS=" + one_line(text)); }

void ServiceNotifier::main_process(std::int64_t id) { send(fmt::format("MAINPID={}", id)); }

void ServiceNotifier::alive() { send("WATCHDOG=1"); }

std::optional<std::uint64_t> ServiceNotifier::watchdog_interval_ms() const {
    constexpr std::uint64_t us_per_ms = 1'000;
    if (fd_ < 0 || watchdog_us_ == 0) return std::nullopt;
    return std::max<std::uint64_t>(watchdog_us_ / us_per_ms / 2, 1);
}

void ServiceNotifier::send(std::string_view message) const {
    if (fd_ < 0) return;
    const auto sent = sendto(fd_, message.data(), message.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address_), address_bytes_);
    if (sent < 0)
        log::warning("service_manager_not_told", {{"reason", std::generic_category().message(errno)}});
}

}  // namespace parley::operations
