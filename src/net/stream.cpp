#include "net/stream.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "net/socket_address.hpp"

namespace parley::net {

namespace {

bool is_temporary(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

Stream::Stream(Loop& loop, StreamSet& owner, int fd, std::unique_ptr<TlsSession> tls)
    : loop_(loop), owner_(owner), tls_(std::move(tls)), fd_(fd), watched_(EPOLLIN) {}

Stream::~Stream() {
    if (flush_scheduled_) loop_.withdraw(Loop::Phase::flush, *this);
    if (fd_ >= 0) close(fd_);
}

Queued Stream::send(const SharedFrame& frame, std::size_t pending_bytes_max) {
    assert(loop_.current());
    if (state_ != State::open) return Queued::accepted;
    auto queued = outbox_.push(frame, pending_bytes_max);
    if (queued == Queued::over_limit && !waits_for_write_) {
        // The kernel has not been asked in this turn: only what it does not take counts against the peer.
        flush();
        if (state_ != State::open) return Queued::accepted;
        queued = outbox_.push(frame, pending_bytes_max);
    }
    if (queued == Queued::accepted) {
        if (waits_for_write_) {
            count_unsent();
        } else {
            schedule_flush();
        }
    }
    return queued;
}

void Stream::drop_unsent() {
    outbox_.drop_unstarted(tls_ ? tls_->begun_bytes() : 0);
    count_unsent();
}

void Stream::close_after_flush(std::uint64_t linger_ms) {
    if (state_ != State::open) return;
    state_ = State::flushing;
    // The peer may take its time to read what is queued, but not more than this.
    loop_.set_timer(*this, linger_ms);
    if (reading_paused_) {
        reading_paused_ = false;
        update_watch();
    }
    if (!waits_for_write_) schedule_flush();
}

void Stream::close_once_flushed(std::uint64_t flush_ms) {
    // With TLS the peer answers the end of our output, and a closed socket would answer that with a reset.
    peer_has_finished_ = !tls_;
    close_after_flush(flush_ms);
}

void Stream::read_at_once() { on_ready(EPOLLIN); }

void Stream::abort() { end(); }

void Stream::set_deadline(std::uint64_t delay_ms) {
    if (state_ == State::open) loop_.set_timer(*this, delay_ms);
}

void Stream::cancel_deadline() {
    if (state_ == State::open) loop_.cancel_timer(*this);
}

void Stream::pause_reading() {
    if (state_ != State::open || reading_paused_) return;
    reading_paused_ = true;
    update_watch();
}

void Stream::resume_reading() {
    if (state_ != State::open || !reading_paused_) return;
    reading_paused_ = false;
    update_watch();
    if (tls_ && tls_->holds_input()) schedule_flush();  // which reads, too
}

void Stream::replace_handler(std::unique_ptr<StreamHandler> next) {
    auto former = std::exchange(handler_, std::move(next));
    if (former) loop_.bury(std::move(former));
}

std::string Stream::peer_address() const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (fd_ < 0 || getpeername(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "unknown";
    return to_string(address);
}

void Stream::on_ready(std::uint32_t events) {
    if (state_ == State::ended) return;
    if (tls_ && state_ == State::open && !tls_->established()) return shake_hands();
    // TLS may have had to read in order to write, and the other way round.
    const bool writes_by_reading = tls_ && tls_->interest(false, waits_for_write_).input;
    const bool reads_by_writing = tls_ && tls_->interest(true, false).output;
    if ((events & EPOLLOUT) != 0 || writes_by_reading) flush();
    if (state_ == State::ended || ((events & ~EPOLLOUT) == 0 && !reads_by_writing)) return;
    if (state_ != State::open) {
        discard();
    } else if (!reading_paused_ || (events & (EPOLLHUP | EPOLLERR)) != 0) {
        read();
    }
}

void Stream::on_timer() {
    if (state_ == State::open) {
        handler_->on_deadline();
    } else {
        end();
    }
}

void Stream::run_in_turn() {
    flush_scheduled_ = false;
    if (state_ != State::ended) flush();
    if (tls_ && state_ == State::open && !reading_paused_ && tls_->holds_input()) read();
}

void Stream::read() {
    const auto buffer = loop_.read_buffer();
    // Again while TLS has something that the loop knows nothing of: at most the rest of one record.
    do {
        const auto [transfer, bytes] = tls_ ? tls_->receive(buffer) : receive(fd_, buffer);
        if (transfer != Transfer::done) return end_reading(transfer);
        handler_->on_read(buffer.first(bytes));
    } while (tls_ && state_ == State::open && !reading_paused_ && tls_->holds_input());
}

void Stream::end_reading(Transfer transfer) {
    if (transfer == Transfer::wants_read || transfer == Transfer::wants_write) return update_watch();
    if (transfer == Transfer::peer_ended && !outbox_.empty() &&
        handler_->on_peer_end() == HalfClosed::finish_sending)
        return close_after_flush(half_closed_ms_max);
    // There is nothing to wait for, and whether the peer gets this is up to it.
    if (tls_ && transfer == Transfer::peer_ended) static_cast<void>(tls_->end_output());
    end();
}

void Stream::discard() {
    const auto buffer = loop_.read_buffer();
    const auto got = recv(fd_, buffer.data(), buffer.size(), 0);
    if (got > 0 || (got < 0 && is_temporary(errno))) return;
    if (got < 0 || state_ == State::lingering) return end();
    // Its end has come before ours has gone: no more input, or the level-triggered loop would spin on it.
    reading_paused_ = true;
    update_watch();
}

void Stream::shake_hands() {
    const auto transfer = tls_->shake_hands();
    if (transfer == Transfer::peer_ended) return end();
    if (transfer == Transfer::failed) return refuse_handshake();
    update_watch();
    if (transfer != Transfer::done) return;
    if (!outbox_.empty()) flush();
    // Most peers send their first bytes along with the end of the handshake.
    if (state_ == State::open && !reading_paused_) read();
}

/// Says why, in plain, to a peer that speaks no TLS; TLS has told the others itself.
void Stream::refuse_handshake() {
    const auto answer = tls_->explain_failure(peer_address());
    if (!answer.empty()) static_cast<void>(::send(fd_, answer.data(), answer.size(), MSG_NOSIGNAL));
    if (shutdown(fd_, SHUT_WR) != 0) return end();
    state_ = State::lingering;
    reading_paused_ = false;
    loop_.set_timer(*this, refused_ms_max);
    update_watch();
}

void Stream::flush() {
    const auto behind = state_ == State::flushing ? Behind::end_of_output : Behind::maybe_more;
    const auto transfer = tls_ ? tls_->transmit(outbox_) : transmit(fd_, outbox_, behind);
    if (transfer == Transfer::failed) return end();
    // Nothing of TLS is read any more: what needs that, a handshake most of all, cannot be finished.
    if (transfer == Transfer::wants_read && state_ != State::open) return end();
    const bool waited = std::exchange(waits_for_write_, !outbox_.empty());
    if (waited || waits_for_write_) count_unsent();
    update_watch();
    if (waits_for_write_) return;
    if (state_ == State::flushing) return finish_sending();
    if (waited || reading_paused_) handler_->on_drained();
}

void Stream::schedule_flush() {
    if (std::exchange(flush_scheduled_, true)) return;
    loop_.at_turn_end(Loop::Phase::flush, *this);
}

/// Keeps the loop's sum of what waits for slow peers.
void Stream::count_unsent() {
    const auto unsent = waits_for_write_ && state_ != State::ended ? outbox_.pending_bytes() : 0;
    const auto counted = std::exchange(counted_unsent_, unsent);
    loop_.statistics().unsent_bytes.change(static_cast<std::int64_t>(unsent) -
                                           static_cast<std::int64_t>(counted));
}

void Stream::finish_sending() {
    const bool nothing_comes = reading_paused_ || peer_has_finished_;
    const auto said = tls_ ? tls_->end_output() : Transfer::done;
    if (said == Transfer::wants_write) {
        waits_for_write_ = true;
        return update_watch();
    }
    if (said != Transfer::done || nothing_comes || shutdown(fd_, SHUT_WR) != 0) return end();
    state_ = State::lingering;
}

std::uint32_t Stream::wanted_events() const {
    TlsSession::Interest interest{!reading_paused_, waits_for_write_};
    // TLS has an opinion while its handshake or its data flow; what lingers is read raw.
    if (tls_ && state_ == State::open) interest = tls_->interest(!reading_paused_, waits_for_write_);
    return (interest.input ? EPOLLIN : 0U) | (interest.output ? EPOLLOUT : 0U);
}

void Stream::update_watch() {
    if (state_ == State::ended) return;
    const auto wanted = wanted_events();
    if (std::exchange(watched_, wanted) != wanted) loop_.rewatch(fd_, *this, wanted);
}

void Stream::end() {
    if (std::exchange(state_, State::ended) == State::ended) return;
    count_unsent();
    loop_.cancel_timer(*this);
    // Closing alone does not take it out of epoll while a process that is being started has a copy of it.
    loop_.unwatch(fd_);
    close(std::exchange(fd_, -1));
    owner_.remove_later(*this);
}

StreamSet::~StreamSet() { abort_all(); }

Stream& StreamSet::adopt(int fd, std::unique_ptr<TlsSession> tls) {
    auto stream = std::unique_ptr<Stream>(new Stream(loop_, *this, fd, std::move(tls)));
    stream->position_ = static_cast<std::uint32_t>(streams_.size());
    streams_.push_back(std::move(stream));
    Stream& adopted = *streams_.back();
    if (!loop_.watch(fd, adopted, adopted.watched_)) {
        log::error("connection_not_watched", {{"reason", std::generic_category().message(errno)}});
        adopted.end();
    }
    return adopted;
}

void StreamSet::abort_all() {
    for (const auto& stream : streams_) stream->end();
    if (ended_.empty()) return;
    loop_.withdraw(Loop::Phase::burial, *this);
    run_in_turn();
}

void StreamSet::remove_later(Stream& stream) {
    if (ended_.empty()) loop_.at_turn_end(Loop::Phase::burial, *this);
    ended_.push_back(&stream);
}

void StreamSet::run_in_turn() {
    for (auto* const stream : std::exchange(ended_, {})) {
        if (stream->handler_) stream->handler_->on_end();
        const auto position = stream->position_;
        std::swap(streams_[position], streams_.back());
        streams_[position]->position_ = position;
        loop_.bury(std::move(streams_.back()));
        streams_.pop_back();
    }
}

}  // namespace parley::net
