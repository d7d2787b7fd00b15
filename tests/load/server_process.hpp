#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "connection.hpp"
#include "time.hpp"

namespace parley::load {

/// What the server says of its database when it ends.
struct StoreTotals {
    std::int64_t writes = 0;
    std::int64_t commits = 0;  // each reaches the disk before anybody is answered
};

/// What a process has used.
struct Usage {
    Nanoseconds cpu = 0;            // of all its threads, user and system
    std::int64_t resident_kib = 0;  // now
};

/// Of this process or another.
[[nodiscard]] Usage usage_of(pid_t process);

struct ServerOptions {
    std::filesystem::path program = {};  // parley
    std::filesystem::path folder = {};   // where it runs and logs
    std::string database_url = {};
    std::vector<std::string> flags = {};  // further ones of `parley serve`
};

/// A `parley serve` of our own on the loopback interface, without limits on how fast its clients may be. Ends
/// with the object.
class ServerProcess {
public:
    /// Returns when it listens.
    explicit ServerProcess(const ServerOptions& options);
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
    [[nodiscard]] pid_t id() const { return process_; }

    /// Has it end in its orderly way; empty when its log does not say what its database did.
    [[nodiscard]] std::optional<StoreTotals> stop();

private:
    void wait_until_it_listens();
    [[nodiscard]] std::optional<std::string> find_in_log(const std::string& event) const;
    [[nodiscard]] bool has_ended();

    std::filesystem::path log_;
    pid_t process_ = -1;
    Endpoint endpoint_;
};

}  // namespace parley::load
