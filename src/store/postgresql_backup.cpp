#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>
#include <vector>

#include <libpq-fe.h>
#include <spawn.h>

#include "store/backup_target.hpp"

namespace parley::store {
namespace {

constexpr std::size_t error_bytes_max = 4'096;

/// What pg_dump shall connect to: everything but the password, which other users would see in its arguments.
struct Connection {
    std::string words;
    std::string password;
};

std::string quoted(std::string_view value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text += "'";
}

Connection connection_of(const std::string& url) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree);
    Connection connection;
    for (const auto* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
        if (option->val == nullptr) continue;
        if (std::string_view(option->keyword) == "password") {
            connection.password = option->val;
        } else {
            connection.words += std::string(option->keyword) + "=" + quoted(option->val) + " ";
        }
    }
    return connection;
}

/// Our environment, with the password if there is one.
std::vector<std::string> environment(const std::string& password) {
    constexpr std::string_view name = "PGPASSWORD=";
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable)
        if (password.empty() || !std::string_view(*variable).starts_with(name))
            variables.emplace_back(*variable);
    if (!password.empty()) variables.push_back(std::string(name) + password);
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> list;
    for (auto& word : words) list.push_back(word.data());
    list.push_back(nullptr);
    return list;
}

/// Runs a program with its standard error on `error_fd`; an errno.
int spawn(pid_t& child, std::vector<std::string> words, std::vector<std::string> variables, int error_fd) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, error_fd, STDERR_FILENO);
    const int error = ::posix_spawnp(&child, words[0].c_str(), &files, nullptr, pointers(words).data(),
                                     pointers(variables).data());
    posix_spawn_file_actions_destroy(&files);
    return error;
}

/// The beginning of what comes; the rest is read and dropped, so that nobody waits for us.
std::string read_to_end(int fd) {
    std::string text;
    std::array<char, 1'024> buffer{};
    for (;;) {
        const auto count = ::read(fd, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        if (text.size() < error_bytes_max) text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

int wait_for(pid_t child) {
    int status = -1;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

}  // namespace

tl::expected<void, OpenError> dump_postgresql(const std::string& url, const std::string& dump_path) {
    const auto connection = connection_of(url);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return tl::unexpected(OpenError{"no pipe for pg_dump: " + std::generic_category().message(errno)});
    pid_t child = -1;
    const int error = spawn(child,
                            {"pg_dump", "--format=custom", "--no-password", "--file=" + dump_path,
                             "--dbname=" + connection.words},
                            environment(connection.password), ends[1]);
    ::close(ends[1]);
    const auto said = error == 0 ? read_to_end(ends[0]) : std::string();
    ::close(ends[0]);
    if (error != 0)
        return tl::unexpected(OpenError{"pg_dump cannot be run (package postgresql-client): " +
                                        std::generic_category().message(error)});
    if (wait_for(child) != 0) return tl::unexpected(OpenError{"pg_dump failed: " + said});
    return {};
}

}  // namespace parley::store
