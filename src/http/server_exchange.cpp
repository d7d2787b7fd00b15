#include "http/server_exchange.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/log.hpp"

namespace parley::http {

namespace {

constexpr std::size_t queued_bytes_max = 131'072;  // with less waiting, the source is asked for more

}  // namespace

/// What the copies of one `done` share: one piece, and an error when none of them gives it.
class ServerConnection::Exchange::PieceRight {
public:
    explicit PieceRight(std::shared_ptr<LoopLink<Exchange>> link) : link_(std::move(link)) {}
    PieceRight(const PieceRight&) = delete;
    PieceRight& operator=(const PieceRight&) = delete;
    ~PieceRight() {
        if (!used_) use(tl::unexpected(std::string("the source dropped the question for its next piece")));
    }

    void use(Piece piece) {
        if (used_.exchange(true, std::memory_order_relaxed)) return;
        link_->call([piece = std::move(piece)](Exchange& exchange) { exchange.take_piece(piece); });
    }

private:
    std::shared_ptr<LoopLink<Exchange>> link_;
    std::atomic<bool> used_{false};
};

ServerConnection::Exchange::Exchange(ServerConnection& connection, const Request& request,
                                     const ResponseFraming& framing)
    : context_(connection.context_),
      connection_(connection),
      method_(request.method),
      path_(request.path),
      framing_(framing) {
    context_.request_begins();
}

ServerConnection::Exchange::~Exchange() {
    abandon();
    context_.request_ends();
}

BodyFlow ServerConnection::Exchange::flow() {
    flow_ =
        std::make_shared<LoopLink<BodyReader>>(connection_.stream_.loop(), static_cast<BodyReader&>(*this));
    return BodyFlow(flow_);
}

void ServerConnection::Exchange::receive(std::unique_ptr<BodySink> sink, const RequestHead& head,
                                         const BodyLimit& limit) {
    sink_ = std::move(sink);
    head_ = head;
    limit_ = limit;
    length_left_ = head.content_length;
}

tl::expected<bool, RequestError> ServerConnection::Exchange::feed(MutableBytes& input) {
    MutableBytes piece;
    if (head_.framing == BodyFraming::chunked) {
        const auto decoded = decoder_.decode(input, connection_.context_.limits(), limit_);
        if (!decoded) return tl::unexpected(decoded.error());
        piece = decoded->data;
        input = input.subspan(decoded->consumed);
    } else {
        piece = input.first(static_cast<std::size_t>(std::min<std::uint64_t>(length_left_, input.size())));
        length_left_ -= piece.size();
        input = input.subspan(piece.size());
    }
    if (!piece.empty()) sink_->on_body(piece);
    return head_.framing == BodyFraming::chunked ? decoder_.done() : length_left_ == 0;
}

void ServerConnection::Exchange::end_body() {
    flow_->close();
    const auto sink = std::move(sink_);
    Deferral deferral(connection_.stream_.loop(), method_, path_);
    sink->on_body_end(deferral.defer());
    if (auto early = deferral.take_early()) {
        take_answer(std::move(*early));
    } else {
        await(deferral);
    }
}

void ServerConnection::Exchange::send_body(const Response& response) {
    self_ = std::make_shared<LoopLink<Exchange>>(connection_.stream_.loop(), *this);
    source_ = response.source;
    source_bytes_left_ = response.source_bytes;
    close_after_source_ = response.close || !framing_.keep_alive;
    finish();
}

void ServerConnection::Exchange::on_drained() {
    // Not in this turn: a peer that reads as fast as the source gives would keep the loop from all others.
    if (source_ && !source_asked_) self_->post([](Exchange& exchange) { exchange.ask_source(); });
}

void ServerConnection::Exchange::finish() {
    if (std::exchange(scheduled_, true)) return;
    connection_.stream_.loop().at_turn_end(net::Loop::Phase::mailbox, *this);
}

void ServerConnection::Exchange::abandon() {
    if (answer_) std::exchange(answer_, nullptr)->close();
    if (flow_) std::exchange(flow_, nullptr)->close();
    if (self_) std::exchange(self_, nullptr)->close();
    source_.reset();
    if (std::exchange(scheduled_, false))
        connection_.stream_.loop().withdraw(net::Loop::Phase::mailbox, *this);
    if (const auto sink = std::move(sink_)) sink->on_aborted();
}

void ServerConnection::Exchange::take_answer(Response response) {
    // The request may have come before the server began to end.
    response.close = response.close || connection_.context_.winding_down();
    connection_.send_answer(response, framing_);
}

void ServerConnection::Exchange::set_reading(BodyReading reading) {
    paused_ = reading == BodyReading::paused;
    if (paused_) {
        connection_.stream_.pause_reading();
        connection_.deadline_ms_ = never;
    } else {
        connection_.stream_.resume_reading();
        connection_.wait_at_most(connection_.context_.limits().request_timeout);
    }
}

void ServerConnection::Exchange::run_in_turn() {
    scheduled_ = false;
    if (connection_.stream_.ending()) return;
    if (!source_) return connection_.go_on();
    connection_.wait_at_most(connection_.context_.limits().keep_alive_timeout);
    ask_source();
}

void ServerConnection::Exchange::ask_source() {
    // A source that answers at once is asked in a loop here, not within its own answer.
    if (std::exchange(asking_source_, true)) return;
    while (source_ && !source_asked_ && !connection_.stream_.ending() &&
           connection_.stream_.pending_bytes() < queued_bytes_max) {
        source_asked_ = true;
        const auto source = source_;  // stays while it is in its call
        source->read(
            [right = std::make_shared<PieceRight>(self_)](Piece piece) { right->use(std::move(piece)); });
    }
    asking_source_ = false;
}

void ServerConnection::Exchange::take_piece(const Piece& piece) {
    source_asked_ = false;
    if (!piece) return fail(piece.error());
    if (piece->empty()) return fail("the source gave nothing before its end");
    if (piece->size() > source_bytes_left_) return fail("the source gave more than was announced");
    connection_.send(net::SharedFrame::of({*piece}));
    source_bytes_left_ -= piece->size();
    if (source_bytes_left_ > 0) return ask_source();
    source_.reset();
    if (close_after_source_) {
        connection_.close_after_answer();
    } else {
        finish();
    }
}

/// The announced length cannot be kept any more; only the end of the connection tells the peer.
void ServerConnection::Exchange::fail(std::string_view reason) {
    log::error("http_body_failed", {{"request", method_ + " " + std::string(excerpt(path_))},
                                    {"reason", reason},
                                    {"bytes_left", source_bytes_left_}});
    source_.reset();
    connection_.stream_.abort();
}

}  // namespace parley::http
