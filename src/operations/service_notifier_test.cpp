#include "operations/service_notifier.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.hpp"
#include "operations/watchdog.hpp"

namespace parley::operations {
namespace {

using testing::MatchesRegex;

/// A service manager that listens on `address`, which is written as in NOTIFY_SOCKET.
class Manager {
public:
    explicit Manager(const std::string& address)
        : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un bound{};
        bound.sun_family = AF_UNIX;
        address.copy(bound.sun_path, address.size());
        if (address[0] == '@') bound.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
        EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&bound), size), 0);
    }
    ~Manager() { close(fd_); }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    /// The next message, "" when none has come.
    [[nodiscard]] std::string next() const {
        char text[512];
        const auto got = recv(fd_, text, sizeof text, 0);
        return got < 0 ? std::string() : std::string(text, static_cast<std::size_t>(got));
    }

private:
    int fd_;
};

class Folder {
public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "parley-notify-XXXXXX").string();
        path_ = mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string socket() const { return (path_ / "notify").string(); }

private:
    std::filesystem::path path_;
};

TEST(ServiceNotifier, TellsByPath) {
    const Folder folder;
    const Manager manager(folder.socket());
    ServiceNotifier notifier(folder.socket());
    notifier.ready();
    EXPECT_EQ(manager.next(), "READY=1");
    notifier.reloading();
    EXPECT_THAT(manager.next(), MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
    notifier.status("7 connections\nREADY=1");
    EXPECT_EQ(manager.next(), "STATUS=7 connections READY=1");
    notifier.main_process(4'711);
    EXPECT_EQ(manager.next(), "MAINPID=4711");
    notifier.alive();
    EXPECT_EQ(manager.next(), "WATCHDOG=1");
    notifier.stopping();
    EXPECT_EQ(manager.next(), "STOPPING=1");
}

TEST(ServiceNotifier, TellsByAbstractName) {
    const auto name = "@parley-notify-" + std::to_string(getpid());
    const Manager manager(name);
    ServiceNotifier(name).ready();
    EXPECT_EQ(manager.next(), "READY=1");
}

TEST(ServiceNotifier, SaysNothingWhereNobodyListens) {
    for (const auto& address : {std::string(), std::string("/nowhere/at/all"), std::string("relative"),
                                "/" + std::string(200, 'x')}) {
        ServiceNotifier notifier(address, 1'000'000);
        notifier.ready();
        notifier.stopping();
    }
}

TEST(ServiceNotifier, IsAliveTwiceAsOftenAsItMust) {
    const Folder folder;
    EXPECT_EQ(ServiceNotifier(folder.socket(), 30'000'000).watchdog_interval_ms(), 15'000u);
    EXPECT_EQ(ServiceNotifier(folder.socket(), 100).watchdog_interval_ms(), 1u);
    EXPECT_EQ(ServiceNotifier(folder.socket()).watchdog_interval_ms(), std::nullopt);
    EXPECT_EQ(ServiceNotifier("", 30'000'000).watchdog_interval_ms(), std::nullopt);
}

TEST(Watchdog, IsFedWhileTheLoopTurns) {
    const Folder folder;
    const Manager manager(folder.socket());
    ServiceNotifier notifier(folder.socket(), 30'000'000);
    ManualClock clock;
    net::Loop loop(clock);
    const Watchdog watchdog(loop, notifier);
    clock.advance_ms(14'900);
    loop.run_once(0);
    EXPECT_EQ(manager.next(), "");
    for (int i = 0; i < 3; ++i) {
        clock.advance_ms(15'100);
        loop.run_once(0);
        EXPECT_EQ(manager.next(), "WATCHDOG=1") << i;
    }
}

TEST(ServiceNotifier, ReadsTheEnvironment) {
    const Folder folder;
    const Manager manager(folder.socket());
    setenv("NOTIFY_SOCKET", folder.socket().c_str(), 1);
    setenv("WATCHDOG_USEC", "4000000", 1);
    setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
    auto notifier = ServiceNotifier::from_environment();
    notifier.ready();
    EXPECT_EQ(manager.next(), "READY=1");
    EXPECT_EQ(notifier.watchdog_interval_ms(), 2'000u);
    setenv("WATCHDOG_PID", "1", 1);
    EXPECT_EQ(ServiceNotifier::from_environment().watchdog_interval_ms(), std::nullopt)
        << "meant for another process";
    for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
}

}  // namespace
}  // namespace parley::operations
