#include "chat/http/upload_metadata.hpp"

#include <string>

#include <gtest/gtest.h>

#include "chat/http/upload_test_pictures.hpp"

namespace parley::chat {
namespace {

using namespace std::string_literals;
using test::jpeg_segment;
using test::png_chunk;

constexpr std::string_view exif_head("Exif\0\0", 6);

std::string cleaned(std::string_view media_type, const std::string& picture) {
    const auto pieces = without_metadata(media_type, as_bytes(picture));
    if (!pieces) return picture;
    std::string text;
    for (const auto& piece : *pieces)
        text += piece.added.empty() ? std::string(as_text(piece.kept)) : piece.added;
    return text;
}

std::string jpeg_with(const std::string& segments) {
    return test::with_segments(test::small_jpeg(), segments);
}

/// What is left of a block of Exif with an orientation.
std::string bare_exif(char orientation) {
    return "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"s + orientation + "\0\0\0\0\0\0"s;
}

std::string exif_segment(const std::string& exif) {
    return jpeg_segment(0xE1, std::string(exif_head) + exif);
}

TEST(WithoutMetadata, LeavesCleanPicturesAlone) {
    EXPECT_FALSE(without_metadata("image/jpeg", as_bytes(test::small_jpeg())).has_value());
    EXPECT_FALSE(without_metadata("image/png", as_bytes(test::black_png(3, 2))).has_value());
    EXPECT_FALSE(without_metadata("image/gif", as_bytes("GIF89a")).has_value());
    EXPECT_FALSE(without_metadata("text/plain", as_bytes("Exif")).has_value());
}

TEST(WithoutMetadata, TakesItOffJpegs) {
    const auto jfif = jpeg_segment(0xE0, "JFIF\0\1\1\0\0\1\0\1\0\0"s);
    const auto colours = jpeg_segment(0xE2, "ICC_PROFILE\0\1\1..."s);
    const auto adobe = jpeg_segment(0xEE, "Adobe......"s);
    const auto telling = jpeg_segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta SECRET>"s) +
                         jpeg_segment(0xED, "Photoshop 3.0\0SECRET"s) + jpeg_segment(0xFE, "SECRET") +
                         jpeg_segment(0xE2, "MPF\0SECRET"s) + jpeg_segment(0xE0, "JFXX\0SECRET"s) +
                         jpeg_segment(0xEF, "SECRET") + exif_segment(test::telling_exif(1));
    EXPECT_EQ(cleaned("image/jpeg", jpeg_with(jfif + telling + colours + adobe)),
              jpeg_with(jfif + colours + adobe));
    EXPECT_EQ(cleaned("image/jpeg", test::small_jpeg() + "SECRET trailer"), test::small_jpeg());
    EXPECT_EQ(cleaned("image/jpeg", jpeg_with("junk\xFF")), test::small_jpeg()) << "between segments";
}

TEST(WithoutMetadata, TakesItOffBetweenTheScansOfAJpeg) {
    const auto jpeg = test::small_jpeg();
    const auto whole = jpeg.substr(0, jpeg.size() - 2);
    const auto scan = jpeg_segment(0xDA, "\1\1\0\0\x3F\0"s) + "\x12\xFF\0\xFF\xD0\x34"s;
    EXPECT_EQ(cleaned("image/jpeg", whole + jpeg_segment(0xFE, "SECRET") + scan + "\xFF\xD9"),
              whole + scan + "\xFF\xD9");
}

TEST(WithoutMetadata, KeepsWhichWayIsUp) {
    for (char orientation = 2; orientation <= 8; ++orientation) {
        const auto telling = test::telling_exif(orientation);
        const auto jpeg = cleaned("image/jpeg", jpeg_with(exif_segment(telling)));
        EXPECT_EQ(jpeg, jpeg_with(exif_segment(bare_exif(orientation)))) << int(orientation);
        EXPECT_EQ(cleaned("image/jpeg", jpeg), jpeg) << "again";
        EXPECT_EQ(cleaned("image/png", test::black_png(3, 2, 2, png_chunk("eXIf", telling))),
                  test::black_png(3, 2, 2, png_chunk("eXIf", bare_exif(orientation))));
    }
    for (const char none : {'\0', '\1', '\x09', '\xFF'})
        EXPECT_EQ(cleaned("image/jpeg", jpeg_with(exif_segment(test::telling_exif(none)))),
                  test::small_jpeg());
    EXPECT_EQ(cleaned("image/jpeg", jpeg_with(exif_segment(bare_exif(6)) + exif_segment(bare_exif(3)))),
              jpeg_with(exif_segment(bare_exif(6))))
        << "the first one counts";
}

TEST(WithoutMetadata, TakesItOffPngs) {
    const auto physical = png_chunk("pHYs", "\0\0\x0B\x13\0\0\x0B\x13\1"s);
    const auto telling = png_chunk("tEXt", "Author\0SECRET"s) + png_chunk("iTXt", "SECRET") +
                         png_chunk("zTXt", "SECRET") + png_chunk("tIME", "SECRET!") +
                         png_chunk("prVt", "SECRET") + png_chunk("eXIf", test::telling_exif(1));
    EXPECT_EQ(cleaned("image/png", test::black_png(3, 2, 2, telling + physical)),
              test::black_png(3, 2, 2, physical));
    EXPECT_EQ(cleaned("image/png", test::black_png(3, 2) + "SECRET"), test::black_png(3, 2));
}

std::string little_endian(std::size_t value) {
    const auto big = test::big_endian(static_cast<std::uint32_t>(value));
    return {big.rbegin(), big.rend()};
}

std::string webp(const std::string& chunks) {
    return "RIFF" + little_endian(chunks.size() + 4) + "WEBP" + chunks;
}

std::string webp_chunk(const std::string& name, const std::string& content) {
    return name + little_endian(content.size()) + content + std::string(content.size() % 2, '\0');
}

TEST(WithoutMetadata, TakesItOffWebps) {
    const auto head = [](char flags) { return webp_chunk("VP8X", flags + "\0\0\0\x0B\0\0\x07\0\0"s); };
    const auto pixels = webp_chunk("VP8 ", "pixels!");
    const auto xmp = webp_chunk("XMP ", "SECRET");
    EXPECT_EQ(cleaned("image/webp", webp(pixels)), webp(pixels));
    EXPECT_EQ(
        cleaned("image/webp", webp(head('\x2C') + pixels + webp_chunk("EXIF", test::telling_exif(1)) + xmp)),
        webp(head('\x20') + pixels));
    for (const auto& exif : {test::telling_exif(6), std::string(exif_head) + test::telling_exif(6)})
        EXPECT_EQ(cleaned("image/webp", webp(head('\x2C') + pixels + xmp + webp_chunk("EXIF", exif))),
                  webp(head('\x28') + pixels + webp_chunk("EXIF", bare_exif(6))));
    EXPECT_EQ(cleaned("image/webp", webp(pixels) + "SECRET"), webp(pixels));
}

TEST(WithoutMetadata, ReadsNothingThatIsNotThere) {
    const std::string exif = exif_segment(test::telling_exif(6));
    const std::pair<std::string_view, std::string> pictures[] = {
        {"image/jpeg", jpeg_with(exif)},
        {"image/png", test::black_png(3, 2, 2, png_chunk("eXIf", test::telling_exif(6)))},
        {"image/webp",
         webp(webp_chunk("VP8X", "\x2C........."s) + webp_chunk("EXIF", test::telling_exif(6)))}};
    for (const auto& [media_type, picture] : pictures) {
        const auto begin = media_type == "image/jpeg" ? 3U : 12U;  // as much as its type is told by
        for (auto size = std::size_t{begin}; size <= picture.size(); ++size)
            EXPECT_EQ(cleaned(media_type, picture.substr(0, size)).find("SECRET"), std::string::npos);
        for (std::size_t at = begin; at < picture.size(); ++at) {
            for (const char other : {'\0', '\xFF', '\x7F'}) {
                auto broken = picture;
                broken[at] = other;
                EXPECT_LE(cleaned(media_type, broken).size(), picture.size() + 64) << media_type << at;
            }
        }
    }
}

}  // namespace
}  // namespace parley::chat
