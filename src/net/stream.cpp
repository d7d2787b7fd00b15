#include "net/stream.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "net/socket_address.hpp"

namespace parley::net {

namespace {

constexpr std::size_t pieces_per_write_max = 64;  // far below IOV_MAX; more pieces gain nothing

bool is_temporary(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

Stream::Stream(Loop& loop, StreamSet& owner, int fd) : loop_(loop), owner_(owner), fd_(fd) {}

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
    if (queued == Queued::accepted && !waits_for_write_) schedule_flush();
    return queued;
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
    if ((events & EPOLLOUT) != 0) flush();
    if (state_ == State::ended || (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return;
    if (state_ == State::open) {
        read();
    } else {
        discard();
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
}

void Stream::read() {
    const auto buffer = loop_.read_buffer();
    const auto got = recv(fd_, buffer.data(), buffer.size(), 0);
    if (got > 0) {
        handler_->on_read(buffer.first(static_cast<std::size_t>(got)));
    } else if (got == 0 && !outbox_.empty() && handler_->on_peer_end() == HalfClosed::finish_sending) {
        close_after_flush(half_closed_ms_max);
    } else if (got == 0 || !is_temporary(errno)) {
        end();
    }
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

void Stream::flush() {
    while (!outbox_.empty()) {
        std::array<iovec, pieces_per_write_max> pieces;
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = outbox_.gather(pieces);
        const auto sent = sendmsg(fd_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && !is_temporary(errno)) return end();
        if (sent < 0) break;
        outbox_.consume(static_cast<std::size_t>(sent));
    }
    const bool waited = std::exchange(waits_for_write_, !outbox_.empty());
    if (waited != waits_for_write_) update_watch();
    if (waits_for_write_) return;
    if (state_ == State::flushing) return finish_sending();
    if (waited || reading_paused_) handler_->on_drained();
}

void Stream::schedule_flush() {
    if (std::exchange(flush_scheduled_, true)) return;
    loop_.at_turn_end(Loop::Phase::flush, *this);
}

void Stream::finish_sending() {
    const bool peer_has_ended = reading_paused_;
    if (peer_has_ended || shutdown(fd_, SHUT_WR) != 0) return end();
    state_ = State::lingering;
}

void Stream::update_watch() {
    if (state_ == State::ended) return;
    loop_.rewatch(fd_, *this, (reading_paused_ ? 0U : EPOLLIN) | (waits_for_write_ ? EPOLLOUT : 0U));
}

void Stream::end() {
    if (std::exchange(state_, State::ended) == State::ended) return;
    loop_.cancel_timer(*this);
    // Closing alone does not take it out of epoll while a process that is being started has a copy of it.
    loop_.unwatch(fd_);
    close(std::exchange(fd_, -1));
    owner_.remove_later(*this);
}

StreamSet::~StreamSet() { abort_all(); }

Stream& StreamSet::adopt(int fd) {
    auto stream = std::unique_ptr<Stream>(new Stream(loop_, *this, fd));
    stream->position_ = static_cast<std::uint32_t>(streams_.size());
    streams_.push_back(std::move(stream));
    Stream& adopted = *streams_.back();
    if (!loop_.watch(fd, adopted, EPOLLIN)) {
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
