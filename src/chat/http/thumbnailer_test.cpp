#include "chat/http/thumbnailer.hpp"

#include <sys/stat.h>

#include <chrono>
#include <fstream>

#include <gtest/gtest.h>

#include "chat/http/upload_test_pictures.hpp"
#include "store/temporary_folder.hpp"

namespace parley::chat {
namespace {

class ThumbnailerTest : public testing::Test {
protected:
    tl::expected<Picture, PictureFailure> make(std::string_view content) {
        auto picture = store_->new_file().value();
        EXPECT_TRUE(picture.write(as_bytes(content)).has_value());
        thumbnail_.emplace(store_->new_file().value());
        return Thumbnailer(options_).make(picture, *thumbnail_, pixels_max_);
    }

    /// A program that is no thumbnailer.
    std::string script(const std::string& commands) {
        const std::string path = folder_.path() / "program";
        std::ofstream(path) << "#!/bin/sh\n" << commands << '\n';
        ::chmod(path.c_str(), 0700);
        return path;
    }

    store::test::TemporaryFolder folder_;
    std::unique_ptr<FileStore> store_ = FileStore::open(folder_.path() / "files").value();
    std::optional<TemporaryFile> thumbnail_;
    Thumbnailer::Options options_{.program = PARLEY_THUMBNAIL};
    std::int64_t pixels_max_ = 50'000'000;
};

TEST_F(ThumbnailerTest, HasPicturesRead) {
    const auto made = make(test::black_png(1'000, 600));
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->width, 1'000);
    EXPECT_EQ(made->height, 600);
    EXPECT_GT(thumbnail_->size().value(), 50U);
    EXPECT_TRUE(make(test::small_jpeg()).has_value());
}

TEST_F(ThumbnailerTest, TurnsPicturesUpright) {
    const auto exif = test::jpeg_segment(0xE1, std::string("Exif\0\0", 6) + test::telling_exif(6));
    const auto made = make(test::with_segments(test::small_jpeg(), exif));
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->width, 8);
    EXPECT_EQ(made->height, 12);
}

TEST_F(ThumbnailerTest, RefusesBombsAndRuins) {
    pixels_max_ = 1'000'000;
    EXPECT_TRUE(make(test::black_png(1'000, 1'000)).has_value());
    EXPECT_EQ(make(test::black_png(1'001, 1'000)).error(), PictureFailure::not_readable);
    EXPECT_EQ(make(test::black_png(60'000, 60'000, 1)).error(), PictureFailure::not_readable);
    const auto png = test::black_png(300, 200);
    EXPECT_EQ(make(png.substr(0, png.size() / 2)).error(), PictureFailure::not_readable);
    EXPECT_EQ(make("text").error(), PictureFailure::unsupported);
}

TEST_F(ThumbnailerTest, KillsWhatTakesTooLong) {
    options_.deadline_ms = 100;
    options_.program = script("exec sleep 1000");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(make("x").error(), PictureFailure::not_readable);
    options_.program = script("exec >&-; exec sleep 1000");
    EXPECT_EQ(make("x").error(), PictureFailure::not_readable) << "it has closed its answer";
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST_F(ThumbnailerTest, BelievesOnlyWhatCanBeTrue) {
    const std::string webp = "printf 'RIFF\\1\\0\\0\\0WEBP' >&3; ";
    options_.program = script(webp + "echo made 5 4");
    EXPECT_TRUE(make("x").has_value());
    for (const auto& commands :
         {std::string("echo made 5 4"), webp + "echo made 0 4", webp + "echo made 5 -4", webp + "echo made 5",
          webp + "printf 'made 5 4'", webp + "echo made 50000 50000",
          webp + "echo made 9999999999999 9999999999999", webp + "yes", webp + "echo made 5 4; exit 1",
          webp + "echo made 5 4; kill -9 $$", std::string("exit 0")}) {
        options_.program = script(commands);
        EXPECT_EQ(make("x").error(), PictureFailure::not_readable) << commands;
    }
}

TEST_F(ThumbnailerTest, GivesTheProgramNothingElse) {
    options_.program = script(
        "[ -z \"$PARLEY_TEST_SECRET\" ] && [ \"$(cat)\" = picture ] && [ ! -e /proc/self/fd/4 ] && "
        "! (echo x >&0) 2>/dev/null && printf 'RIFF\\1\\0\\0\\0WEBP' >&3 && echo made 5 4");
    ::setenv("PARLEY_TEST_SECRET", "secret", 1);
    EXPECT_TRUE(make("picture").has_value());
    ::unsetenv("PARLEY_TEST_SECRET");
}

TEST_F(ThumbnailerTest, CanBeWithoutItsProgram) {
    options_.program = "";
    EXPECT_EQ(make("x").error(), PictureFailure::unavailable);
    options_.program = folder_.path() / "nothing";
    EXPECT_EQ(make("x").error(), PictureFailure::unavailable);
}

}  // namespace
}  // namespace parley::chat
