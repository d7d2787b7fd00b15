#include "thumbnail/confinement.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <thread>

#include <gtest/gtest.h>

namespace parley::thumbnail {
namespace {

// More address space than sanitizers reserve.
constexpr std::uint64_t memory_bytes = 1ULL << 45U;

constexpr Confinement confinement{.memory_bytes = memory_bytes, .file_bytes = 1'000, .cpu_seconds = 1};

/// How a process ends that is confined and then does `what`: with 0 if that is true.
int status_of(const std::function<bool()>& what) {
    const auto child = ::fork();
    if (child == 0) ::_exit(confine(confinement) ? (what() ? 0 : 1) : 2);
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
}

bool refused(long result) { return result < 0 && errno == EPERM; }

TEST(Confine, TakesAwayWhatNoPictureNeeds) {
    struct Case {
        const char* name;
        std::function<bool()> is_refused;
    };
    const Case cases[] = {
        {"sockets", [] { return refused(::socket(AF_INET, SOCK_STREAM, 0)); }},
        {"other programs", [] { return refused(::execl("/bin/true", "true", nullptr)); }},
        {"signals to others", [] { return refused(::kill(::getppid(), 0)); }},
        {"new files", [] { return refused(::open("/tmp/parley-confined", O_WRONLY | O_CREAT, 0600)); }},
        {"writing to files", [] { return refused(::open("/dev/null", O_RDWR)); }},
        {"removing files", [] { return refused(::unlink("/tmp/parley-confined")); }},
        {"folders", [] { return refused(::mkdir("/tmp/parley-confined", 0700)); }},
    };
    for (const auto& [name, is_refused] : cases) EXPECT_EQ(status_of(is_refused), 0) << name;
}

TEST(Confine, LeavesWhatDecodersDo) {
    EXPECT_EQ(status_of([] { return ::open("/dev/null", O_RDONLY) >= 0; }), 0);
    EXPECT_EQ(status_of([] {
                  bool ran = false;
                  std::thread([&] { ran = true; }).join();
                  return ran;
              }),
              0);
}

TEST(Confine, LimitsTimeMemoryAndFiles) {
    const auto spun = status_of([] {
        for (volatile bool always = true; always;) {
        }
        return true;
    });
    EXPECT_TRUE(WIFSIGNALED(spun));
    EXPECT_EQ(status_of([] {
                  return ::mmap(nullptr, memory_bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                                -1, 0) == MAP_FAILED;
              }),
              0);
    const int file = ::memfd_create("test", 0);
    EXPECT_TRUE(WIFSIGNALED(status_of([&] { return ::ftruncate(file, 1'001) == 0; })));
    EXPECT_EQ(status_of([&] { return ::ftruncate(file, 1'000) == 0; }), 0);
    ::close(file);
}

}  // namespace
}  // namespace parley::thumbnail
