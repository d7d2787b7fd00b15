#include "server_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <spawn.h>

#include "json_values.hpp"

namespace parley::load {

namespace {

constexpr Nanoseconds start_patience = 60 * second;
constexpr Nanoseconds stop_patience = 60 * second;

/// Of the program's own settings only those that we make.
std::vector<std::string> environment(const ServerOptions& options) {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable)
        if (!std::string_view(*variable).starts_with("PARLEY_")) variables.emplace_back(*variable);
    variables.push_back("PARLEY_DATABASE_URL=" + options.database_url);
    variables.emplace_back("PARLEY_METRICS_PORT=0");
    for (const auto* const limit : {"MAX_MESSAGES_PER_SECOND", "MAX_CHAT_REQUESTS_PER_SECOND",
                                    "MAX_REGISTRATIONS_PER_MINUTE", "MAX_LOGINS_PER_MINUTE"})
        variables.push_back(fmt::format("PARLEY_LIMITS_{}=-1", limit));
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> list;
    for (auto& word : words) list.push_back(word.data());
    list.push_back(nullptr);
    return list;
}

pid_t start(const ServerOptions& options, const std::filesystem::path& log) {
    std::vector<std::string> words = {options.program.string(), "serve", "--host", "127.0.0.1", "--port", "0",
                                      "--log-format",           "json"};
    words.insert(words.end(), options.flags.begin(), options.flags.end());
    auto variables = environment(options);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addchdir_np(&files, options.folder.c_str());
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t process = -1;
    const int error = posix_spawn(&process, words[0].c_str(), &files, nullptr, pointers(words).data(),
                                  pointers(variables).data());
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) throw std::runtime_error("cannot run " + words[0]);
    return process;
}

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

Usage usage_of(pid_t process) {
    const auto folder = std::filesystem::path("/proc") / std::to_string(process);
    const auto statistics = contents(folder / "stat");
    // The second field is the program's name in brackets; user and system time are the 14th and 15th.
    std::istringstream fields(statistics.substr(statistics.rfind(')') + 1));
    std::string skipped;
    for (int i = 3; i < 14; ++i) fields >> skipped;
    std::int64_t user_ticks = 0;
    std::int64_t system_ticks = 0;
    fields >> user_ticks >> system_ticks;
    std::int64_t pages = 0;
    std::istringstream(contents(folder / "statm")) >> skipped >> pages;
    return {.cpu = (user_ticks + system_ticks) * (second / sysconf(_SC_CLK_TCK)),
            .resident_kib = pages * (sysconf(_SC_PAGESIZE) / 1024)};
}

ServerProcess::ServerProcess(const ServerOptions& options)
    : log_(options.folder / "server.log"), process_(start(options, log_)) {
    try {
        wait_until_it_listens();
    } catch (...) {
        static_cast<void>(stop());
        throw;
    }
}

ServerProcess::~ServerProcess() { static_cast<void>(stop()); }

void ServerProcess::wait_until_it_listens() {
    for (const auto deadline = now() + start_patience; now() < deadline; usleep(10'000)) {
        if (has_ended()) throw std::runtime_error("the server has ended: " + contents(log_));
        if (const auto line = find_in_log("listening")) {
            endpoint_.port = static_cast<std::uint16_t>(integer_at(*line, {"port"}));
            return;
        }
    }
    throw std::runtime_error("the server does not listen: " + contents(log_));
}

/// The last line of that name.
std::optional<std::string> ServerProcess::find_in_log(const std::string& event) const {
    std::ifstream file(log_);
    std::optional<std::string> found;
    for (std::string line; std::getline(file, line);)
        if (line.ends_with('}') && line.find("\"event\":\"" + event + "\"") != std::string::npos)
            found = line;
    return found;
}

bool ServerProcess::has_ended() {
    if (process_ < 0 || waitpid(process_, nullptr, WNOHANG) != process_) return process_ < 0;
    process_ = -1;
    return true;
}

std::optional<StoreTotals> ServerProcess::stop() {
    if (process_ < 0) return std::nullopt;
    kill(process_, SIGTERM);
    for (const auto deadline = now() + stop_patience; !has_ended(); usleep(10'000)) {
        if (now() < deadline) continue;
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
        process_ = -1;
        break;
    }
    const auto line = find_in_log("store_closed");
    if (!line) return std::nullopt;
    return StoreTotals{.writes = integer_at(*line, {"writes"}), .commits = integer_at(*line, {"commits"})};
}

}  // namespace parley::load
