#include "chat/http/thumbnailer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include <spawn.h>

#include "base/log.hpp"
#include "base/text.hpp"

namespace parley::chat {

namespace {

constexpr std::string_view program_name = "parley-thumbnail";
constexpr int thumbnail_fd = 3;  // in the process
constexpr std::size_t answer_bytes_max = 100;

bool is_program(const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

/// What the process gets: three descriptors, no environment of ours, no signal blocked or ignored.
class SpawnPlan {
public:
    SpawnPlan(int picture, int answer, int thumbnail) {
        posix_spawn_file_actions_init(&files_);
        posix_spawn_file_actions_adddup2(&files_, picture, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&files_, answer, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_adddup2(&files_, thumbnail, thumbnail_fd);
        posix_spawn_file_actions_addclosefrom_np(&files_, thumbnail_fd + 1);

        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_init(&attributes_);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setpgroup(&attributes_, 0);  // a terminal's Ctrl-C is for the server alone
        posix_spawnattr_setflags(&attributes_,
                                 POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&files_);
        posix_spawnattr_destroy(&attributes_);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    /// An errno.
    [[nodiscard]] int spawn(pid_t& child, std::string program, std::string pixels_max) const {
        // No temporary files, and one heap for its few threads.
        std::array<std::string, 2> variables = {"VIPS_DISC_THRESHOLD=100g", "MALLOC_ARENA_MAX=1"};
        const std::array<char*, 3> words = {program.data(), pixels_max.data(), nullptr};
        const std::array<char*, 3> environment = {variables[0].data(), variables[1].data(), nullptr};
        return ::posix_spawn(&child, program.c_str(), &files_, &attributes_, words.data(),
                             environment.data());
    }

private:
    posix_spawn_file_actions_t files_{};
    posix_spawnattr_t attributes_{};
};

/// What comes until the other end is closed; cut off at the deadline, or when it is too much.
std::string read_answer(int fd, int deadline_ms) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::milliseconds(deadline_ms);
    std::string answer;
    while (answer.size() < answer_bytes_max) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
        pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
        const int ready = left <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(left));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) break;
        std::array<char, answer_bytes_max> buffer{};
        const auto count = ::read(fd, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return answer;
}

/// `made WIDTH HEIGHT`, believed only as far as it can be true.
tl::expected<Picture, PictureFailure> parse_answer(std::string_view answer, std::int64_t pixels_max) {
    if (answer == "unsupported\n") return tl::unexpected(PictureFailure::unsupported);
    constexpr std::string_view made = "made ";
    const auto space = answer.find(' ', made.size());
    if (!answer.starts_with(made) || !answer.ends_with('\n') || space == std::string_view::npos)
        return tl::unexpected(PictureFailure::not_readable);
    const auto width = parse_decimal(answer.substr(made.size(), space - made.size()));
    const auto height = parse_decimal(answer.substr(space + 1, answer.size() - space - 2));
    const auto most = static_cast<std::uint64_t>(pixels_max);
    if (!width || !height || *width == 0 || *height == 0 || *width > most || *height > most / *width)
        return tl::unexpected(PictureFailure::not_readable);
    return Picture{.width = static_cast<std::int64_t>(*width), .height = static_cast<std::int64_t>(*height)};
}

/// Whether the process has written what it should.
bool is_thumbnail(const TemporaryFile& file) {
    const auto content = MappedFile::open(file);
    if (!content) return false;
    const auto text = as_text(content->bytes());
    return text.starts_with("RIFF") && text.substr(4).substr(0, 8).ends_with("WEBP");
}

}  // namespace

Thumbnailer::Thumbnailer(Options options) : options_(std::move(options)) {
    if (options_.program.empty())
        log::warning("no_thumbnails",
                     {{"reason", "parley-thumbnail is neither beside this program nor in the PATH"}});
}

std::string Thumbnailer::find_program() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    if (const auto beside = self.parent_path() / program_name; !error && is_program(beside)) return beside;
    const char* const path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "" : path;
    while (!rest.empty()) {
        const auto folder = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
        const auto found = std::filesystem::path(folder) / program_name;
        if (found.is_absolute() && is_program(found)) return found;
    }
    return {};
}

tl::expected<Picture, PictureFailure> Thumbnailer::make(const TemporaryFile& picture,
                                                        const TemporaryFile& thumbnail,
                                                        std::int64_t pixels_max) const {
    if (options_.program.empty()) return tl::unexpected(PictureFailure::unavailable);
    std::array<int, 2> ends{-1, -1};
    pid_t child = -1;
    int error = ::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno;
    const Descriptor reading(ends[0]);
    if (error == 0) {
        const Descriptor writing(ends[1]);
        // Opened anew, so that the process cannot write to it.
        const Descriptor input(::open(picture.path().c_str(), O_RDONLY | O_CLOEXEC));
        error = SpawnPlan(input.number(), writing.number(), thumbnail.descriptor())
                    .spawn(child, options_.program, std::to_string(pixels_max));
    }
    if (error != 0) {
        log::warning("thumbnailer_not_started", {{"reason", std::generic_category().message(error)}});
        return tl::unexpected(PictureFailure::unavailable);
    }
    const auto answer = read_answer(reading.number(), options_.deadline_ms);
    // Whoever has closed its end without help is ending already, and its status is settled.
    ::kill(child, SIGKILL);
    int status = -1;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        log::info("picture_refused", {{"reason", "parley-thumbnail did not finish"}, {"status", status}});
        return tl::unexpected(PictureFailure::not_readable);
    }
    auto made = parse_answer(answer, pixels_max);
    if (made && !is_thumbnail(thumbnail)) return tl::unexpected(PictureFailure::not_readable);
    return made;
}

}  // namespace parley::chat
