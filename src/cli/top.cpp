#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <optional>

#include <fmt/format.h>
#include <termios.h>

#include "cli/commands.hpp"
#include "cli/exit_status.hpp"
#include "cli/operations_client.hpp"
#include "cli/printable.hpp"
#include "cli/server_status.hpp"
#include "cli/top_frame.hpp"

namespace parley::cli {

namespace {

constexpr int period_ms = 1'000;
constexpr std::size_t columns_of_scripts = 200;
constexpr std::size_t rows_of_scripts = 10'000;
constexpr char control_c = '\x03';

volatile std::sig_atomic_t told_to_end = 0;

void note_signal(int /*signal*/) { told_to_end = 1; }

/// The terminal while a picture stands on it: another screen without a cursor, keys that come at once. As it
/// was before when this dies.
class Screen {
public:
    Screen() {
        tcgetattr(STDIN_FILENO, &former_);
        auto raw = former_;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
        struct sigaction action{};
        action.sa_handler = &note_signal;  // without SA_RESTART, so that waiting for a key ends
        for (const int signal : {SIGTERM, SIGHUP, SIGINT}) sigaction(signal, &action, nullptr);
        write("\x1b[?1049h\x1b[?25l");
    }
    ~Screen() {
        write("\x1b[?25h\x1b[?1049l");
        tcsetattr(STDIN_FILENO, TCSANOW, &former_);
    }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    struct Size {
        std::size_t columns;
        std::size_t rows;
    };

    [[nodiscard]] static Size size() {
        winsize window{};
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0)
            return {80, 24};
        return {window.ws_col, window.ws_row};
    }

    /// Puts `lines` in the place of what stands there, line by line so that nothing flickers.
    static void show(std::string_view lines) {
        std::string text = "\x1b[H";
        while (!lines.empty()) {
            const auto end = std::min(lines.find('\n'), lines.size());
            text.append(lines.substr(0, end)).append("\x1b[K");
            lines.remove_prefix(std::min(end + 1, lines.size()));
            if (!lines.empty()) text += "\r\n";
        }
        write(text + "\x1b[J");
    }

    /// Waits for the next picture's time; false when somebody wants to end.
    [[nodiscard]] static bool wait() {
        pollfd keyboard{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        const int ready = poll(&keyboard, 1, period_ms);
        if (told_to_end != 0) return false;
        if (ready <= 0) return true;
        char key = 0;
        return read(STDIN_FILENO, &key, 1) == 1 && key != 'q' && key != 'Q' && key != control_c;
    }

private:
    static void write(std::string_view text) {
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
    }

    termios former_{};
};

tl::expected<ServerStatus, std::string> ask(const Top& command, const config::Settings& settings) {
    return ask_operations(settings, command.url, "/operator/status").and_then([](const std::string& answer) {
        return read_server_status(answer);
    });
}

/// Whether both are of the same run of the server, so that counts can be compared.
bool comparable(const ServerStatus& now, const ServerStatus& earlier) {
    return now.pid == earlier.pid && now.started_at_ms == earlier.started_at_ms;
}

int print_once(const Top& command, const config::Settings& settings, const ServerStatus& first) {
    poll(nullptr, 0, period_ms);
    const auto second = ask(command, settings);
    if (!second) return fail(failure, printable(second.error()));
    std::fputs(
        top_frame(*second, comparable(*second, first) ? first : *second, columns_of_scripts, rows_of_scripts)
            .c_str(),
        stdout);
    return success;
}

void watch(const Top& command, const config::Settings& settings, ServerStatus earlier) {
    const Screen screen;
    Screen::show("Counting for a second; q ends.");
    while (Screen::wait()) {
        auto now = ask(command, settings);
        if (!now) {
            Screen::show(fmt::format("{}\n\nAsking again; q ends.", printable(now.error())));
            continue;
        }
        if (!comparable(*now, earlier)) earlier = *now;
        const auto [columns, rows] = Screen::size();
        Screen::show(top_frame(*now, earlier, columns, rows));
        earlier = std::move(*now);
    }
}

}  // namespace

int run(const Top& command, const config::Loaded& loaded) {
    const bool terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
    if (!command.once && !terminal)
        return fail(wrong_usage, "top draws on a terminal, and this is none; --once prints one picture.");
    // Asked before anything is drawn, so that a server that is not there is an error like any other.
    auto first = ask(command, loaded.settings);
    if (!first) return fail(failure, printable(first.error()));
    if (command.once) return print_once(command, loaded.settings, *first);
    watch(command, loaded.settings, std::move(*first));
    return success;
}

}  // namespace parley::cli
