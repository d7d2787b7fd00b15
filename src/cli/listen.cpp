#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "cli/base_url.hpp"
#include "cli/commands.hpp"
#include "cli/exit_status.hpp"
#include "cli/listen_session.hpp"
#include "cli/printable.hpp"
#include "cli/socket_client.hpp"
#include "config/apps.hpp"
#include "json/parser.hpp"

namespace parley::cli {

namespace {

constexpr int probe_after_ms = 120'000;  // as the protocol's other clients do
constexpr int answer_timeout_ms = 30'000;
constexpr std::string_view ping = R"({"event":"pusher:ping","data":{}})";

enum class Wake : std::uint8_t { readable, interrupted, silence };

/// SIGINT and SIGTERM as something to wait for, from its construction to its end.
class Interrupts {
public:
    Interrupts() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
        descriptor_ = signalfd(-1, &signals_, SFD_CLOEXEC);
    }
    ~Interrupts() { close(descriptor_); }
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    /// Whether `wait` works; if not, errno still says why after the construction.
    [[nodiscard]] bool ready() const { return descriptor_ >= 0; }

    [[nodiscard]] Wake wait(int socket, int timeout_ms) const {
        pollfd waiting[] = {{socket, POLLIN, 0}, {descriptor_, POLLIN, 0}};
        const int ready = poll(waiting, std::size(waiting), timeout_ms);
        if (waiting[1].revents != 0) return Wake::interrupted;
        return ready > 0 ? Wake::readable : Wake::silence;
    }

private:
    sigset_t signals_{};
    int descriptor_ = -1;
};

/// Handles everything that has arrived. The error is why listening ends.
tl::expected<void, std::string> handle_arrived(SocketClient& client, ListenSession& session) {
    for (;;) {
        const auto message = client.receive();
        if (!message) return tl::unexpected(message.error());
        if (!*message) return {};
        const auto reaction = session.on_message(**message);
        if (!reaction) return tl::unexpected(reaction.error());
        for (const auto& answer : reaction->messages)
            if (auto sent = client.send_text(answer); !sent) return sent;
        std::fputs(reaction->output.c_str(), stdout);
        std::fflush(stdout);
    }
}

/// Until the user interrupts (success) or the server ends it.
tl::expected<void, std::string> listen_on(SocketClient& client, ListenSession& session) {
    const Interrupts interrupts;
    if (!interrupts.ready())
        return tl::unexpected(
            fmt::format("cannot wait for signals: {}.", std::generic_category().message(errno)));
    bool probing = false;
    for (;;) {
        if (const auto handled = handle_arrived(client, session); !handled) return handled;
        switch (interrupts.wait(client.descriptor(), probing ? answer_timeout_ms : probe_after_ms)) {
            case Wake::readable:
                probing = false;
                break;
            case Wake::interrupted:
                client.say_goodbye();
                return {};
            case Wake::silence:
                if (probing) return tl::unexpected(std::string("the server does not answer any more."));
                if (auto sent = client.send_text(ping); !sent) return sent;
                probing = true;
        }
    }
}

/// What would otherwise make a message that is not JSON.
bool can_be_sent(const Listen& command) {
    json::Parser parser(json_depth_max);
    for (const auto& channel : command.channels)
        if (!is_valid_utf8(channel)) return false;
    return is_valid_utf8(command.user_id) && parser.parse(command.user_info).has_value();
}

}  // namespace

int run(const Listen& command, const config::Loaded& loaded) {
    const auto& app = config::main_app(loaded.settings);
    if (!can_be_sent(command))
        return fail(wrong_usage, "--user-info must be JSON, and channels and --user-id must be UTF-8.");
    const auto url = command.url ? parse_base_url(*command.url) : local_url(loaded.settings);
    if (!url) return fail(wrong_usage, url.error());
    const auto target =
        fmt::format("{}/app/{}?protocol=7&client=parley&version=" PARLEY_VERSION, url->path, app.key);
    auto client = SocketClient::open(*url, target);
    if (!client) return fail(failure, client.error());
    const auto style = isatty(STDOUT_FILENO) == 1 ? EventStyle::people : EventStyle::json;
    ListenSession session(app, command, style);
    const auto ended = listen_on(*client, session);
    return ended ? success : fail(failure, printable(ended.error()));
}

}  // namespace parley::cli
