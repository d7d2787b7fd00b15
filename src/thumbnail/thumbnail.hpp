#pragma once

#include <cstdint>

#include <tl/expected.hpp>

namespace parley::thumbnail {

/// Of the longer side, in pixels.
inline constexpr int thumbnail_side_max = 512;

/// A picture as it is to be seen, its orientation applied.
struct PictureSize {
    int width = 0;
    int height = 0;
};

enum class Failure : std::uint8_t {
    unsupported,  // no picture of a kind that is read here
    too_large,    // it says that it has more pixels than allowed
    unreadable    // broken, cut short, or more than the process may handle
};

/// Starts libvips: one thread, nothing kept, only the decoders of PNG, JPEG, GIF, WebP, AVIF and HEIF. Once.
[[nodiscard]] bool start();

/// Reads the picture in `picture_fd`, from its beginning, and writes a WebP of at most `thumbnail_side_max`
/// pixels a side to `thumbnail_fd`, upright; of an animation its first frame. A picture
/// of more than `pixels_max` pixels is refused by what its head says, before anything is decoded. The
/// descriptors stay open.
[[nodiscard]] tl::expected<PictureSize, Failure> make_thumbnail(int picture_fd, int thumbnail_fd,
                                                                std::int64_t pixels_max);

}  // namespace parley::thumbnail
