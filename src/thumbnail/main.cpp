#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "thumbnail/confinement.hpp"
#include "thumbnail/thumbnail.hpp"

namespace {

constexpr int picture_fd = 0;
constexpr int thumbnail_fd = 3;

constexpr std::uint64_t mib = 1'048'576;
constexpr std::uint64_t libraries_bytes = 512 * mib;  // address space of code, stacks and tables
constexpr std::uint64_t pixel_bytes = 12;  // a picture that has to be decoded as a whole, and its copy
constexpr std::uint64_t thumbnail_bytes_max = 2 * mib;
constexpr std::uint64_t cpu_seconds_max = 10;

const char* word(parley::thumbnail::Failure failure) {
    switch (failure) {
        case parley::thumbnail::Failure::unsupported:
            return "unsupported";
        case parley::thumbnail::Failure::too_large:
            return "too_large";
        case parley::thumbnail::Failure::unreadable:
            return "unreadable";
    }
    return "unreadable";
}

}  // namespace

/// usage: parley-thumbnail PIXELS_MAX < PICTURE 3> THUMBNAIL; see README.md
int main(int argc, char** argv) {
    namespace thumbnail = parley::thumbnail;
    const auto pixels_max = argc == 2 ? std::strtoll(argv[1], nullptr, 10) : 0;
    if (pixels_max <= 0) {
        std::fputs("usage: parley-thumbnail PIXELS_MAX < PICTURE 3> THUMBNAIL\n", stderr);
        return 2;
    }
    // The libraries load their parts before the door is shut; nothing of the picture has been read yet.
    if (!thumbnail::start()) return 3;
    if (!thumbnail::confine(
            {.memory_bytes = libraries_bytes + pixel_bytes * static_cast<std::uint64_t>(pixels_max),
             .file_bytes = thumbnail_bytes_max,
             .cpu_seconds = cpu_seconds_max}))
        return 4;
    const auto size = thumbnail::make_thumbnail(picture_fd, thumbnail_fd, pixels_max);
    if (size) {
        std::printf("made %d %d\n", size->width, size->height);
    } else {
        std::puts(word(size.error()));
    }
    // Without the libraries' farewell: they would only take what is left of the time.
    std::fflush(stdout);
    std::_Exit(0);
}
