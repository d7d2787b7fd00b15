#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "connection.hpp"

namespace parley::load {

struct Request {
    std::string_view method = "GET";
    std::string target = {};
    std::string_view token = {};      // of a user; empty: none
    std::string body = {};            // JSON; empty: none
    std::string_view socket_id = {};  // X-Socket-ID; empty: none
};

struct Answer {
    int status = 0;
    std::string_view body = {};
};

struct OwnedAnswer {
    int status = 0;
    std::string body = {};
};

/// An HTTP/1.1 connection that is kept alive, with one request at a time.
class HttpClient final : public Connection {
public:
    using Done = std::function<void(const Answer&)>;

    HttpClient(Poller& poller, const Endpoint& endpoint);

    /// Sends a request; `done` has the answer, valid during the call, and may send the next one. Not while
    /// the client is busy.
    void send(const Request& request, Done done);

    [[nodiscard]] bool busy() const { return static_cast<bool>(done_); }

    /// Sends a request and waits for its answer.
    [[nodiscard]] OwnedAnswer ask(const Request& request);

    /// The same; throws for any status but 2xx.
    [[nodiscard]] std::string expect_success(const Request& request);

private:
    std::size_t take(std::string& input) override;

    Poller& poller_;
    std::string host_;
    Done done_;
};

}  // namespace parley::load
