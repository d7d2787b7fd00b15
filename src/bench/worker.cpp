#include "bench/worker.hpp"

namespace parley::bench {

namespace {

constexpr std::uint64_t look_every_ms = 1;  // the wheel makes it 50
constexpr std::size_t json_depth_max = 32;

}  // namespace

Worker::Worker(const RunContext& run, std::size_t number)
    : place_{.run = run,
             .worker = number,
             .loop = loop_,
             .connector = connector_,
             .streams = streams_,
             .hmac = crypto::HmacSha256(run.target.app.secret),
             .parser = json::Parser(json_depth_max)},
      audience_(place_, deliveries_of(run.options.scenario)),
      sender_(make_sender(place_, audience_)) {
    loop_.post([this] {
        if (!sender_ || !sender_->opens_audience()) audience_.open();
        if (sender_) sender_->prepare();
        loop_.set_timer(*this, look_every_ms);
    });
    thread_ = std::thread([this] { loop_.run(); });
}

Worker::~Worker() {
    if (thread_.joinable()) stop();
}

void Worker::begin(const Window& window) {
    loop_.post([this, window] {
        place_.window = window;
        if (sender_) sender_->begin();
        begun_ = true;
    });
}

void Worker::wake_slow() {
    loop_.post([this] { audience_.wake_slow(); });
}

void Worker::stop() {
    loop_.post([this] { end_on_loop(); });
    thread_.join();
}

void Worker::end_on_loop() {
    if (begun_ && sender_) sender_->give_up();
    place_.stopping = true;
    loop_.cancel_timer(*this);
    streams_.abort_all();
    loop_.stop();
}

void Worker::on_timer() {
    ready_ = audience_.ready() && (!sender_ || sender_->ready());
    finished_ = begun_ && (!sender_ || sender_->finished());
    loop_.set_timer(*this, look_every_ms);
}

}  // namespace parley::bench
