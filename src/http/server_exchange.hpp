#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "http/body_sink.hpp"
#include "http/body_source.hpp"
#include "http/chunked_decoder.hpp"
#include "http/loop_link.hpp"
#include "http/request_head.hpp"
#include "http/responder.hpp"
#include "http/response.hpp"
#include "http/server_connection.hpp"
#include "net/loop.hpp"

namespace parley::http {

/// A request of a connection that is not over with one call: its body goes to a sink, its answer comes later,
/// or the body of its answer comes from a source. Made when that is known, so that a connection that waits
/// for requests keeps none of this.
class ServerConnection::Exchange final : public net::Buriable,
                                         private net::TurnTask,
                                         private AnswerTaker,
                                         private BodyReader {
public:
    /// Of `request`, which need not stay. `framing` is that of its answer.
    Exchange(ServerConnection& connection, const Request& request, const ResponseFraming& framing);
    ~Exchange() override;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Waits for the answer that was deferred.
    void await(Deferral& deferral) { answer_ = deferral.pass_on(*this); }

    /// The handle by which a sink to come controls the reading of its body.
    [[nodiscard]] BodyFlow flow();

    /// Gives the body that comes to `sink`.
    void receive(std::unique_ptr<BodySink> sink, const RequestHead& head, const BodyLimit& limit);

    /// Whether more of the body is to come.
    [[nodiscard]] bool receiving() const { return sink_ != nullptr; }
    [[nodiscard]] bool paused() const { return paused_; }

    /// Gives the sink what belongs to the body, and takes it from the front of `input`. Whether the body is
    /// complete; then `end_body` is to be called.
    [[nodiscard]] tl::expected<bool, RequestError> feed(MutableBytes& input);

    /// Lets the sink answer.
    void end_body();

    /// Sends what the source of `response` gives, once the turn ends.
    void send_body(const Response& response);

    /// How much of the source's body is not yet queued.
    [[nodiscard]] std::uint64_t source_bytes_left() const { return source_bytes_left_; }

    /// What was queued has gone.
    void on_drained();

    /// Goes on with the connection once the turn ends: not earlier, since an answer may come from within the
    /// handling of another request.
    void finish();

    /// Nothing more comes or goes: the connection ends.
    void abandon();

private:
    using Piece = tl::expected<std::string, std::string>;
    class PieceRight;

    void take_answer(Response response) override;
    void set_reading(BodyReading reading) override;
    void run_in_turn() override;
    void ask_source();
    void take_piece(const Piece& piece);
    void fail(std::string_view reason);

    LoopContext& context_;
    ServerConnection& connection_;
    const std::string method_;
    const std::string path_;
    const ResponseFraming framing_;
    bool scheduled_ = false;

    std::shared_ptr<AnswerLink> answer_;

    std::shared_ptr<LoopLink<BodyReader>> flow_;
    std::unique_ptr<BodySink> sink_;
    RequestHead head_;
    BodyLimit limit_;
    ChunkedDecoder decoder_;
    std::uint64_t length_left_ = 0;  // with BodyFraming::length
    bool paused_ = false;

    std::shared_ptr<LoopLink<Exchange>> self_;  // for the source
    std::shared_ptr<BodySource> source_;
    std::uint64_t source_bytes_left_ = 0;
    bool source_asked_ = false;  // its piece is on the way
    bool asking_source_ = false;
    bool close_after_source_ = false;
};

}  // namespace parley::http
