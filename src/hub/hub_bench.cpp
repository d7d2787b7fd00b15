#include <sys/eventfd.h>
#include <sys/resource.h>

#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/manual_clock.hpp"
#include "hub/hub.hpp"
#include "hub/test_support.hpp"

namespace parley::hub {
namespace {

Limits without_limits() {
    Limits limits;
    limits.max_presence_members_per_channel = unlimited;
    limits.max_presence_rejoins_per_second = unlimited;
    return limits;
}

/// The connections of one loop, with all that is theirs, but without the kernel: what waits in their outboxes
/// at the end of a turn is dropped, where else one `sendmsg` for each would hand it over. In the place of
/// their sockets are descriptors that never get ready. Of the kernel's there remains a look at epoll per
/// turn.
class Crowd {
public:
    Crowd() {
        turn([] {});  // makes this thread the loop's
    }

    /// A connection that has just come, within a turn; null when there is no descriptor for it.
    Session* connect() {
        const int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (fd < 0) return nullptr;
        auto& stream = node_.streams[0]->adopt(fd);
        streams_.push_back(&stream);
        auto connection =
            std::make_unique<websocket::Connection>(stream, loop_hub().websocket_context(), std::nullopt);
        auto& opened = *connection;
        stream.replace_handler(std::move(connection));
        loop_hub().open(opened, {test::app_key, "protocol=7"});
        return loop_hub().sessions().all().back();
    }

    /// Does what `act` does, and ends the turn.
    template <class Act>
    void turn(Act act) {
        act();
        // Among the mail, so that it comes behind the deliveries and ahead of the writing.
        loop_hub().channels().run_among_mail([this] {
            for (auto* const stream : streams_) stream->drop_unsent();
        });
        node_.loops[0]->run_once(0);
    }

    [[nodiscard]] Hub& hub() { return node_.hub; }
    [[nodiscard]] const App& app() const { return node_.app(); }

private:
    [[nodiscard]] LoopHub& loop_hub() { return *node_.parts[0]; }

    ManualClock clock_;
    test::Node node_{clock_, 1, without_limits()};
    std::vector<net::Stream*> streams_;
};

/// Lets this process have as many descriptors as it may: each connection takes one.
void raise_descriptor_limit() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    static_cast<void>(setrlimit(RLIMIT_NOFILE, &files));
}

void receive(Session& session, std::string_view message) {
    session.on_message(websocket::MessageKind::text, message);
}

/// Connects `count` clients, and has each send what `message_of` makes for its session and number. False, and
/// the benchmark ends, when there are too few descriptors.
template <class MessageOf>
bool fill(Crowd& crowd, std::int64_t count, benchmark::State& state, MessageOf message_of) {
    raise_descriptor_limit();
    bool filled = true;
    crowd.turn([&] {
        for (std::int64_t i = 0; i < count && filled; ++i) {
            auto* const session = crowd.connect();
            filled = session != nullptr;
            if (filled) receive(*session, message_of(*session, i));
        }
    });
    if (!filled) state.SkipWithError("it takes more descriptors than this process may have (ulimit -Hn)");
    return filled;
}

/// One event with 200 bytes of data to `range(0)` subscribers: from the publisher's call over the look-up,
/// the encoding and the loop's mailbox into every outbox. Items are deliveries.
void fan_out(benchmark::State& state) {
    Crowd crowd;
    constexpr std::string_view subscribe = R"({"event":"pusher:subscribe","data":{"channel":"news"}})";
    if (!fill(crowd, state.range(0), state, [&](auto&, auto) { return subscribe; })) return;
    const std::vector<std::string> channels = {"news"};
    const std::string data(200, 'd');
    const Event event{"moved", data, channels, std::nullopt};
    for (auto _ : state)
        crowd.turn([&] {
            if (!crowd.hub().publish(crowd.app(), {&event, 1})) state.SkipWithError("the event is refused");
        });
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(fan_out)->RangeMultiplier(10)->Range(1, 10'000)->Unit(benchmark::kMicrosecond);

/// The message with which `session` joins a presence channel as `user_id`.
std::string join_message(const Session& session, std::string_view user_id) {
    constexpr std::string_view channel = "presence-foobar";
    crypto::HmacSha256 hmac(test::app_secret);
    const auto member = fmt::format(R"({{"user_id":"{}","user_info":{{"name":"Mr. Channels"}}}})", user_id);
    const auto auth = pusher::make_auth({test::app_key, hmac},
                                        pusher::channel_string_to_sign(session.socket_id(), channel, member));
    std::string quoted;
    append_json_string(quoted, member);
    return fmt::format(
        R"({{"event":"pusher:subscribe","data":{{"channel":"{}","auth":"{}","channel_data":{}}}}})", channel,
        auth, quoted);
}

/// One member of a presence channel joins and leaves, which `range(0)` others are told of both times. The
/// signature is checked and the newcomer gets the list of all. Items are pairs of joining and leaving.
void join_and_leave(benchmark::State& state) {
    Crowd crowd;
    const auto join_as_number = [](const Session& session, std::int64_t number) {
        return join_message(session, std::to_string(number));
    };
    if (!fill(crowd, state.range(0), state, join_as_number)) return;
    Session* newcomer = nullptr;
    crowd.turn([&] { newcomer = crowd.connect(); });
    if (newcomer == nullptr) return state.SkipWithError("the newcomer has no descriptor");
    const auto join = join_message(*newcomer, "newcomer");
    for (auto _ : state)
        crowd.turn([&] {
            receive(*newcomer, join);
            receive(*newcomer, R"({"event":"pusher:unsubscribe","data":{"channel":"presence-foobar"}})");
        });
    if (crowd.hub().counts(crowd.app(), "presence-foobar").user_count !=
        static_cast<std::uint64_t>(state.range(0)))
        state.SkipWithError("the channel has other members than it should");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(join_and_leave)->Arg(1)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace parley::hub
