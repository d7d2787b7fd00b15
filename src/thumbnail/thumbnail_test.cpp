#include "thumbnail/thumbnail.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <vips/vips.h>

namespace parley::thumbnail {
namespace {

constexpr std::int64_t many_pixels = 50'000'000;

/// A file in memory.
class MemoryFile {
public:
    explicit MemoryFile(std::string_view content = {}) : fd_(::memfd_create("test", 0)) {
        if (::write(fd_, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
            std::abort();
        ::lseek(fd_, 0, SEEK_SET);
    }
    ~MemoryFile() { ::close(fd_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] std::string content() const {
        std::string text(static_cast<std::size_t>(::lseek(fd_, 0, SEEK_END)), '\0');
        return ::pread(fd_, text.data(), text.size(), 0) < 0 ? "" : text;
    }

private:
    int fd_;
};

/// A picture, as a file whose name would end in `suffix`.
std::string picture(int width, int height, const char* suffix, int orientation = 1) {
    VipsImage* noise = nullptr;
    VipsImage* image = nullptr;
    if (vips_gaussnoise(&noise, width, height, "mean", 128.0, "seed", 1, nullptr) != 0) std::abort();
    if (vips_cast_uchar(noise, &image, nullptr) != 0) std::abort();
    image->Type = VIPS_INTERPRETATION_B_W;
    vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
    void* data = nullptr;
    std::size_t size = 0;
    if (vips_image_write_to_buffer(image, suffix, &data, &size, nullptr) != 0) std::abort();
    std::string bytes(static_cast<const char*>(data), size);
    g_free(data);
    g_object_unref(image);
    g_object_unref(noise);
    return bytes;
}

class MakeThumbnail : public testing::Test {
protected:
    static void SetUpTestSuite() { ASSERT_TRUE(start()); }

    tl::expected<PictureSize, Failure> make(std::string_view content, std::int64_t pixels_max = many_pixels) {
        const MemoryFile input(content);
        const MemoryFile output;
        auto size = make_thumbnail(input.fd(), output.fd(), pixels_max);
        thumbnail_ = output.content();
        return size;
    }

    /// The size of the last thumbnail.
    PictureSize thumbnail_size() {
        VipsImage* const image =
            vips_image_new_from_buffer(thumbnail_.data(), thumbnail_.size(), "", nullptr);
        if (image == nullptr) return {};
        const PictureSize size{.width = vips_image_get_width(image), .height = vips_image_get_height(image)};
        g_object_unref(image);
        return size;
    }

    std::string thumbnail_;
};

TEST_F(MakeThumbnail, ReadsTheUsualKinds) {
    for (const char* suffix : {".png", ".jpg", ".webp", ".gif"}) {
        const auto size = make(picture(1'000, 600, suffix));
        ASSERT_TRUE(size.has_value()) << suffix;
        EXPECT_EQ(size->width, 1'000) << suffix;
        EXPECT_EQ(size->height, 600) << suffix;
        EXPECT_EQ(thumbnail_.substr(0, 4), "RIFF") << suffix;
        EXPECT_EQ(thumbnail_.substr(8, 4), "WEBP") << suffix;
        EXPECT_EQ(thumbnail_size().width, 512) << suffix;
        EXPECT_EQ(thumbnail_size().height, 307) << suffix;
    }
}

TEST_F(MakeThumbnail, NeverEnlarges) {
    ASSERT_TRUE(make(picture(3, 2, ".png")).has_value());
    EXPECT_EQ(thumbnail_size().width, 3);
    EXPECT_EQ(thumbnail_size().height, 2);
}

TEST_F(MakeThumbnail, TurnsPicturesUpright) {
    for (const char* suffix : {".jpg", ".webp"}) {
        const auto size = make(picture(1'000, 600, suffix, 6));
        ASSERT_TRUE(size.has_value()) << suffix;
        EXPECT_EQ(size->width, 600) << suffix;
        EXPECT_EQ(size->height, 1'000) << suffix;
        EXPECT_EQ(thumbnail_size().width, 307) << suffix;
        EXPECT_EQ(thumbnail_size().height, 512) << suffix;
    }
}

TEST_F(MakeThumbnail, RefusesTooManyPixelsByTheHeadAlone) {
    const auto content = picture(100, 50, ".png");
    EXPECT_TRUE(make(content, 5'000).has_value());
    EXPECT_EQ(make(content, 4'999).error(), Failure::too_large);
    // Cut off behind the head: it is not decoded.
    EXPECT_EQ(make(content.substr(0, content.find("IDAT") + 12), 4'999).error(), Failure::too_large);
    EXPECT_EQ(thumbnail_, "");
}

TEST_F(MakeThumbnail, RefusesWhatIsCutShort) {
    for (const char* suffix : {".png", ".jpg", ".webp"}) {
        const auto content = picture(300, 200, suffix);
        for (const std::size_t size : {content.size() / 2, content.size() / 4, std::size_t{100}})
            EXPECT_EQ(make(content.substr(0, size)).error(), Failure::unreadable) << suffix << size;
    }
}

TEST_F(MakeThumbnail, ReadsNoOtherKinds) {
    for (const char* content :
         {"", "hello", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>", "%PDF-1.4\n",
          "P5 1 1 255 a", "II*\0\1\2\3\4", "#!ppm"})
        EXPECT_EQ(make(content).error(), Failure::unsupported) << content;
    for (const char* suffix : {".tif"})
        EXPECT_EQ(make(picture(10, 10, suffix)).error(), Failure::unsupported) << suffix;
}

}  // namespace
}  // namespace parley::thumbnail
