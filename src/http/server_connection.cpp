#include "http/server_connection.hpp"

#include <cassert>
#include <optional>
#include <string>
#include <utility>

#include "http/server_exchange.hpp"

namespace parley::http {

namespace {

constexpr std::size_t unsent_bytes_max = 262'144;  // with more waiting, no further request is looked at
constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
constexpr std::string_view continue_head = "HTTP/1.1 100 Continue\r\n\r\n";

std::uint64_t milliseconds(std::int64_t seconds) { return static_cast<std::uint64_t>(seconds) * 1000; }

/// Asks the service about each request, and keeps its answer.
class UploadChoice final : public BodyChoice {
public:
    explicit UploadChoice(Service& service) : service_(service) {}

    bool takes_body(const Request& head) override {
        upload_ = service_.upload(head);
        return upload_.has_value();
    }

    /// Of a head whose body is taken.
    [[nodiscard]] const Upload& upload() const { return *upload_; }

private:
    Service& service_;
    std::optional<Upload> upload_;
};

}  // namespace

ServerConnection::ServerConnection(net::Stream& stream, LoopContext& context)
    : stream_(stream), context_(context), parser_(context.limits()) {
    wait_at_most(context_.limits().request_timeout);
}

ServerConnection::~ServerConnection() = default;

void ServerConnection::on_read(MutableBytes bytes) {
    assert(stream_.loop().current());
    // Reading is paused then: the kernel reports nothing but that the peer is gone, and its answers with it.
    if (exchange_ && exchange_->receiving()) return receive_body(bytes);
    if (exchange_ || !held_.empty()) return stream_.abort();
    process(bytes);
}

void ServerConnection::on_deadline() {
    armed_ms_ = never;
    if (deadline_ms_ == never) return;
    const auto now_ms = stream_.loop().now_ms();
    if (now_ms < deadline_ms_) {
        armed_ms_ = deadline_ms_;
        return stream_.set_deadline(deadline_ms_ - now_ms);
    }
    if (parser_.begun()) {
        return refuse({.status = 408,
                       .message = "The request was not complete within " +
                                  std::to_string(context_.limits().request_timeout) +
                                  " seconds of its first byte (limits.request_timeout)."});
    }
    if (exchange_ && exchange_->receiving()) {
        return refuse({.status = 408,
                       .message = "Nothing more of the request's body came within " +
                                  std::to_string(context_.limits().request_timeout) +
                                  " seconds (limits.request_timeout)."});
    }
    // Nobody is late but the source of an answer.
    if (exchange_ && stream_.pending_bytes() == 0) return wait_at_most(context_.limits().keep_alive_timeout);
    const auto unsent = stream_.pending_bytes() + (exchange_ ? exchange_->source_bytes_left() : 0);
    if (unsent > 0 && std::exchange(unsent_at_deadline_, unsent) != unsent)
        return wait_at_most(context_.limits().keep_alive_timeout);
    stream_.close_after_flush(milliseconds(context_.limits().close_timeout));
}

void ServerConnection::on_drained() {
    if (exchange_) return exchange_->on_drained();
    if (held_.empty()) return;
    auto held = std::exchange(held_, {});
    stream_.resume_reading();
    process(held);
}

void ServerConnection::on_end() {
    if (exchange_) exchange_->abandon();
}

void ServerConnection::process(MutableBytes bytes, bool answered) {
    const bool begun_before = parser_.begun();
    if (!origin_) origin_ = std::make_unique<ConnectionOrigin>(stream_, context_.proxies());
    context_.request().origin = origin_.get();
    while (!bytes.empty() && !stream_.ending()) {
        if (stream_.pending_bytes() > unsent_bytes_max) return hold(bytes);
        UploadChoice choice(context_.service());
        const auto progress = parser_.parse(bytes, context_.request(), &choice);
        if (!progress) return refuse(progress.error());
        if (*progress == RequestParser::Progress::needs_more) break;
        if (*progress == RequestParser::Progress::body_follows) return begin_upload(choice.upload(), bytes);
        answer(bytes);
        if (handed_over_) return;
        if (exchange_) return hold(bytes);
        answered = true;
    }
    parser_.release();
    wait_for_rest(begun_before, answered);
}

void ServerConnection::wait_for_rest(bool request_begun_before, bool answered) {
    if (parser_.begun()) {
        if (parser_.take_continue_wanted()) send(net::SharedFrame::of({continue_head}));
        if (answered || !request_begun_before) wait_at_most(context_.limits().request_timeout);
    } else if (answered) {
        wait_at_most(context_.limits().keep_alive_timeout);
    }
}

void ServerConnection::answer(MutableBytes rest) {
    const auto& request = context_.request();
    const auto& head = parser_.head();
    if (head.wants_upgrade && request.body.empty() && hand_over(rest)) return;

    Deferral deferral(stream_.loop(), request.method, request.path);
    auto response = context_.service().respond(request, deferral);
    if (!response) response = deferral.take_early();
    if (response) return send_answer(*response, framing_of_answer());
    exchange_ = std::make_unique<Exchange>(*this, request, framing_of_answer());
    exchange_->await(deferral);
}

/// Begins to pass on a body, beginning with what of `rest` belongs to it.
void ServerConnection::begin_upload(const Upload& upload, MutableBytes rest) {
    const auto head = parser_.head();
    const BodyLimit limit{.bytes_max = upload.body_bytes_max};
    exchange_ = std::make_unique<Exchange>(*this, context_.request(), framing_of_answer());
    auto sink = upload.open(exchange_->flow());
    if (!sink) {
        sink.error().close = true;  // nobody reads the body, behind which the next request would be
        exchange_.reset();
        send_answer(sink.error(), framing_of_answer());
        if (exchange_) hold(rest);
        return;
    }
    // Only now, so that a route can refuse what is too long in its own words.
    if (auto fits = check_content_length(head, limit); !fits) {
        (*sink)->on_aborted();
        exchange_.reset();
        return refuse(fits.error());
    }
    exchange_->receive(std::move(*sink), head, limit);
    parser_.release();
    const bool empty = head.framing == BodyFraming::none ||
                       (head.framing == BodyFraming::length && head.content_length == 0);
    if (head.expects_continue && rest.empty() && !empty) send(net::SharedFrame::of({continue_head}));
    receive_body(rest);
}

void ServerConnection::receive_body(MutableBytes bytes) {
    const auto complete = exchange_->feed(bytes);
    if (stream_.ending()) return;
    if (!complete) return refuse(complete.error());
    if (*complete) {
        hold(bytes);
        exchange_->end_body();
    } else if (!exchange_->paused()) {
        wait_at_most(context_.limits().request_timeout);
    }
}

void ServerConnection::send_answer(const Response& response, ResponseFraming framing) {
    framing.date = context_.date();
    framing.keep_alive_timeout = context_.limits().keep_alive_timeout;
    send(encode_response(response, framing));
    if (has_body_to_stream(response, framing)) {
        if (!exchange_) exchange_ = std::make_unique<Exchange>(*this, context_.request(), framing);
        return exchange_->send_body(response);
    }
    if (response.close || !framing.keep_alive) return close_after_answer();
    if (exchange_) exchange_->finish();
}

/// Of the request that was read last.
ResponseFraming ServerConnection::framing_of_answer() const {
    const auto& request = context_.request();
    return {.head_only = request.method == "HEAD",
            .minor_version = request.minor_version,
            .keep_alive = parser_.head().keep_alive && !context_.winding_down()};
}

void ServerConnection::close_after_answer() {
    // A large answer may take as long as its peer reads; a small one is out at once.
    const auto& limits = context_.limits();
    const bool large = stream_.pending_bytes() > unsent_bytes_max;
    stream_.close_after_flush(milliseconds(large ? limits.keep_alive_timeout : limits.close_timeout));
}

/// Reads requests again, after one whose answer came later.
void ServerConnection::go_on() {
    stream_.loop().bury(std::move(exchange_));
    auto held = std::exchange(held_, {});
    stream_.resume_reading();
    process(held, true);
}

/// Whether another protocol goes on from here, beginning with the bytes of `rest`.
bool ServerConnection::hand_over(MutableBytes rest) {
    // First, since the new handler may set its own deadline as soon as it is made.
    stream_.cancel_deadline();
    armed_ms_ = never;
    auto upgrade = context_.service().upgrade(context_.request(), stream_);
    if (!upgrade) return false;

    handed_over_ = true;
    send(net::SharedFrame::of({upgrade->head}));
    auto& next = *upgrade->handler;
    stream_.replace_handler(std::move(upgrade->handler));
    if (upgrade->opened) upgrade->opened();
    if (!rest.empty() && !stream_.ending()) next.on_read(rest);
    return true;
}

void ServerConnection::refuse(const RequestError& error) {
    if (exchange_) exchange_->abandon();
    // Its fields were not all there or not all right, so that what they say of its client counts for nothing.
    auto response = context_.service().refuse(error, stream_.peer_address());
    response.close = true;
    send(encode_response(response, {.date = context_.date()}));
    stream_.close_after_flush(milliseconds(context_.limits().close_timeout));
}

void ServerConnection::send(net::SharedFrame frame) {
    // What may wait is limited by asking before a request is looked at; an answer is never refused halfway.
    const auto queued = stream_.send(std::move(frame), no_limit);
    assert(queued == net::Queued::accepted);
    static_cast<void>(queued);
}

void ServerConnection::hold(MutableBytes bytes) {
    held_.assign(bytes.begin(), bytes.end());
    parser_.release();
    stream_.pause_reading();
    if (exchange_) {
        deadline_ms_ = never;
    } else {
        wait_at_most(context_.limits().keep_alive_timeout);
    }
}

/// The stream's deadline is moved only when it would come too late: most requests then cost no timer at all.
void ServerConnection::wait_at_most(std::int64_t seconds) {
    const auto delay_ms = milliseconds(seconds);
    deadline_ms_ = stream_.loop().now_ms() + delay_ms;
    if (deadline_ms_ >= armed_ms_) return;
    armed_ms_ = deadline_ms_;
    stream_.set_deadline(delay_ms);
}

}  // namespace parley::http
