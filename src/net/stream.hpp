#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "net/loop.hpp"
#include "net/outbox.hpp"
#include "net/socket_io.hpp"
#include "net/timer_wheel.hpp"
#include "net/tls_session.hpp"

namespace parley::net {

class Stream;
class StreamSet;

/// What becomes of a stream whose peer has ended its output while some of ours still waits.
enum class HalfClosed : std::uint8_t {
    finish_sending,  // the peer has said all it wanted, and still reads
    give_up
};

/// What is spoken over a stream. All calls come on the stream's loop; a handler lives until its stream is
/// buried or has another handler, never shorter than the callback that it is in.
class StreamHandler : public Buriable {
public:
    /// `bytes` have arrived, at least one; they may be changed in place and are gone after the call.
    virtual void on_read(MutableBytes bytes) = 0;

    /// The deadline set with `Stream::set_deadline` has passed.
    virtual void on_deadline() = 0;

    /// Everything queued has been taken by the kernel, after some of it had to wait or while reading was
    /// paused.
    virtual void on_drained() {}

    /// The peer has ended its output. Asked only while something waits to be sent.
    [[nodiscard]] virtual HalfClosed on_peer_end() { return HalfClosed::finish_sending; }

    /// The last call, once, at the end of a turn: the stream is closed and nothing can be sent any more.
    virtual void on_end() = 0;
};

/// One TCP connection on one loop, plain or with TLS. What is sent is queued and written once at the end of
/// the turn, many frames in one system call. Owned by its `StreamSet`. Under TLS nothing is read or sent
/// before the handshake is complete: for how long that may take is up to the handler and its deadline.
class Stream final : public Buriable, private Pollable, private TurnTask, private Timer {
public:
    ~Stream() override;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    [[nodiscard]] Loop& loop() { return loop_; }

    /// Queues `frame`. over_limit: nothing was queued, since more than `pending_bytes_max` would wait; the
    /// stream is as before. Frames sent after `close_after_flush` or an end are dropped silently.
    Queued send(const SharedFrame& frame, std::size_t pending_bytes_max);

    /// Bytes queued that the kernel has not taken.
    [[nodiscard]] std::size_t pending_bytes() const { return outbox_.pending_bytes(); }

    /// Forgets what is queued but for the rest of a partly written frame.
    void drop_unsent();

    /// Writes what is queued, ends our side, discards what still comes, and closes when the peer has closed
    /// too or `linger_ms` have passed: so that the last bytes arrive even when the peer was still sending.
    /// The handler reads nothing more; it gets `on_end`.
    void close_after_flush(std::uint64_t linger_ms);

    /// The same for a peer that has said, in the protocol spoken, that it sends nothing more: closes as soon
    /// as everything is written, and gives up after `flush_ms`. With TLS the peer's end is still waited for.
    void close_once_flushed(std::uint64_t flush_ms);

    /// Reads now, once, without having been told that something has come. When it has a handler.
    void read_at_once();

    /// Closes now; what is queued is lost.
    void abort();

    /// Whether nothing more can be sent or read: closing or closed.
    [[nodiscard]] bool ending() const { return state_ != State::open; }

    /// Calls `on_deadline` once, `delay_ms` from now, instead of at an earlier set time.
    void set_deadline(std::uint64_t delay_ms);
    void cancel_deadline();

    /// Stops and goes on reading from the peer; its kernel then slows it down.
    void pause_reading();
    void resume_reading();

    /// Puts `next` in the place of the handler. The former one is buried: it may be the caller.
    void replace_handler(std::unique_ptr<StreamHandler> next);

    /// Address and port of the peer, for logs.
    [[nodiscard]] std::string peer_address() const;

private:
    friend class StreamSet;
    enum class State : std::uint8_t { open, flushing, lingering, ended };
    static constexpr std::uint64_t half_closed_ms_max = 10'000;
    static constexpr std::uint64_t refused_ms_max = 2'000;

    Stream(Loop& loop, StreamSet& owner, int fd, std::unique_ptr<TlsSession> tls);

    void on_ready(std::uint32_t events) override;
    void on_timer() override;
    void run_in_turn() override;

    void read();
    void end_reading(Transfer transfer);
    void discard();
    void shake_hands();
    void refuse_handshake();
    void flush();
    void schedule_flush();
    void count_unsent();
    void finish_sending();
    [[nodiscard]] std::uint32_t wanted_events() const;
    void update_watch();
    void end();

    Loop& loop_;
    StreamSet& owner_;
    std::unique_ptr<StreamHandler> handler_;
    Outbox outbox_;
    std::unique_ptr<TlsSession> tls_;  // null for plain TCP
    std::size_t counted_unsent_ = 0;   // its part of the loop's unsent bytes
    int fd_;
    std::uint32_t position_ = 0;  // in the owner's list
    std::uint32_t watched_;       // the events that the loop watches for
    State state_ = State::open;
    bool flush_scheduled_ = false;
    bool waits_for_write_ = false;
    bool reading_paused_ = false;
    bool peer_has_finished_ = false;  // has said that it sends nothing more
};

/// The streams of one loop. Destroying it, or `abort_all`, ends them all.
class StreamSet final : private TurnTask {
public:
    explicit StreamSet(Loop& loop) : loop_(loop) {}
    ~StreamSet();
    StreamSet(const StreamSet&) = delete;
    StreamSet& operator=(const StreamSet&) = delete;

    /// Takes over a connected, non-blocking socket. Give it a handler with `replace_handler` before the
    /// callback ends. If the kernel refuses to watch it, it ends at once; its handler hears of it as usual.
    Stream& adopt(int fd) { return adopt(fd, nullptr); }

    /// The same for a connection with TLS, which begins with `tls`'s handshake.
    Stream& adopt(int fd, std::unique_ptr<TlsSession> tls);

    [[nodiscard]] std::size_t size() const { return streams_.size(); }

    /// Ends every stream at once, telling each handler.
    void abort_all();

private:
    friend class Stream;

    void remove_later(Stream& stream);
    void run_in_turn() override;

    Loop& loop_;
    std::vector<std::unique_ptr<Stream>> streams_;
    std::vector<Stream*> ended_;
};

}  // namespace parley::net
