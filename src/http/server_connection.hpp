#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "http/connection_origin.hpp"
#include "http/loop_context.hpp"
#include "http/request_parser.hpp"
#include "http/response.hpp"
#include "net/stream.hpp"

namespace parley::http {

/// Answers the requests of one connection in their order until it closes or an upgrade hands it over.
/// Requests that arrive together are answered in one turn, and so leave in one write. Belongs to its stream's
/// loop. While an answer is deferred or streamed, nothing further of the peer is read; it is noticed when it
/// vanishes, but not when it only ends its output, after which it may still read the answer.
///
/// What it waits for is limited (base/limits): a request that has begun by request_timeout, measured from its
/// first byte; more of an upload's body by request_timeout; the next request by keep_alive_timeout; the first
/// by request_timeout; a peer that does not read its answers by keep_alive_timeout without any progress.
/// Nothing is limited while the service works.
class ServerConnection final : public net::StreamHandler {
public:
    /// `stream` is to get this as its handler; `context` is its loop's and outlives it.
    ServerConnection(net::Stream& stream, LoopContext& context);
    ~ServerConnection() override;
    ServerConnection(const ServerConnection&) = delete;
    ServerConnection& operator=(const ServerConnection&) = delete;

    void on_read(MutableBytes bytes) override;
    void on_deadline() override;
    void on_drained() override;
    void on_end() override;

private:
    class Exchange;

    static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

    void process(MutableBytes bytes, bool answered = false);
    void wait_for_rest(bool request_begun_before, bool answered);
    void answer(MutableBytes rest);
    void begin_upload(const Upload& upload, MutableBytes rest);
    void receive_body(MutableBytes bytes);
    void send_answer(const Response& response, ResponseFraming framing);
    void close_after_answer();
    void go_on();
    [[nodiscard]] ResponseFraming framing_of_answer() const;
    [[nodiscard]] bool hand_over(MutableBytes rest);
    void refuse(const RequestError& error);
    void send(net::SharedFrame frame);
    void hold(MutableBytes bytes);
    void wait_at_most(std::int64_t seconds);

    net::Stream& stream_;
    LoopContext& context_;
    std::unique_ptr<ConnectionOrigin> origin_;  // from the first bytes on
    RequestParser parser_;
    std::unique_ptr<Exchange> exchange_;  // while a request is being worked on
    std::vector<std::uint8_t> held_;      // read but not looked at, while answers wait
    std::uint64_t deadline_ms_ = never;   // when to lose patience
    std::uint64_t armed_ms_ = never;  // when the stream's deadline comes; may be earlier than deadline_ms_
    std::size_t unsent_at_deadline_ = 0;  // what waited when patience ended last
    bool handed_over_ = false;
};

}  // namespace parley::http
