#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "chat/http/file_store.hpp"

namespace parley::chat {

/// What thumbnails are.
inline constexpr std::string_view thumbnail_media_type = "image/webp";

/// What a picture is, its orientation applied.
struct Picture {
    std::int64_t width = 0;
    std::int64_t height = 0;
};

/// Why there is no thumbnail.
enum class PictureFailure : std::uint8_t {
    not_readable,  // broken, too many pixels, or more work than we do for a picture
    unsupported,   // of a kind that is not decoded here
    unavailable    // nobody looked at it: the program is not there or cannot be started; logged
};

/// Has pictures read by `parley-thumbnail`, a process of its own for each (src/thumbnail), so that one that
/// is made to break a decoder breaks nothing else. Thread-safe; calls block, so they belong on threads of
/// their own, as many as processes may run at the same time.
class Thumbnailer {
public:
    struct Options {
        std::string program = {};  // empty: none
        int deadline_ms = 10'000;  // then the process is killed
    };

    /// Without a program every picture is `unavailable`, which is logged here.
    explicit Thumbnailer(Options options);

    /// Where the program is: beside the running one, or else in the PATH; empty when it is nowhere.
    [[nodiscard]] static std::string find_program();

    /// Reads `picture`, of at most `pixels_max` pixels, and writes its thumbnail, a WebP, into the empty
    /// `thumbnail`.
    [[nodiscard]] tl::expected<Picture, PictureFailure> make(const TemporaryFile& picture,
                                                             const TemporaryFile& thumbnail,
                                                             std::int64_t pixels_max) const;

private:
    const Options options_;
};

}  // namespace parley::chat
