#include "chat/http/media_type.hpp"

#include <string>

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

using namespace std::string_literals;

struct TypeCase {
    std::string head;
    std::string_view media_type;
};

TEST(SniffMediaType, KnowsFilesByTheirFirstBytes) {
    const TypeCase cases[] = {
        {"\x89PNG\r\n\x1A\n...", "image/png"},
        {"\xFF\xD8\xFF\xE0", "image/jpeg"},
        {"GIF89a", "image/gif"},
        {"GIF87a", "image/gif"},
        {"RIFF\1\2\3\4WEBPVP8 ", "image/webp"},
        {"RIFF\1\2\3\4WAVEfmt ", "audio/wav"},
        {"RIFF\1\2\3\4AVI LIST", "video/x-msvideo"},
        {"\0\0\0\x1C"
         "ftypavif"s,
         "image/avif"},
        {"\0\0\0\x1C"
         "ftypheic"s,
         "image/heic"},
        {"\0\0\0\x1C"
         "ftypmif1\0\0\0\0mif1avif"s,
         "image/avif"},
        {"\0\0\0\x1C"
         "ftypmif1\0\0\0\0mif1heic"s,
         "image/heic"},
        {"\0\0\0\x1C"
         "ftypisom\0\0\2\0isomiso2"s,
         "video/mp4"},
        {"\0\0\0\x1C"
         "ftypmp42"s,
         "video/mp4"},
        {"\0\0\0\x1C"
         "ftypM4A "s,
         "audio/mp4"},
        {"\0\0\0\x1C"
         "ftypqt  "s,
         "video/quicktime"},
        {"\x1A\x45\xDF\xA3\x01\0\0\0\0\0\0\x1F\x42\x82\x84webm"s, "video/webm"},
        {"\x1A\x45\xDF\xA3\x01\0\0\0\0\0\0\x1F\x42\x82\x88matroska"s, "video/x-matroska"},
        {"OggS\0\2"s + std::string(22, '\0') + "\1vorbis", "audio/ogg"},
        {"OggS\0\2"s + std::string(22, '\0') + "\x80theora", "video/ogg"},
        {"ID3\4\0"s, "audio/mpeg"},
        {"\xFF\xFB\x90\x64"s, "audio/mpeg"},
        {"\xFF\xFB\xF0\x64"s, "application/octet-stream"},
        {"fLaC\0\0\0\x22"s, "audio/flac"},
        {"BM\x46\0\0\0\0\0\0\0\x36\0\0\0"s + std::string(12, '\0'), "image/bmp"},
        {"BMW drives", "text/plain"},
        {"%PDF-1.7\n", "application/pdf"},
        {"PK\3\4\x14", "application/zip"},
        {"\x1F\x8B\x08\0"s, "application/gzip"},
        {"<!DOCTYPE html><p>", "text/html"},
        {" \n\t<HTML>", "text/html"},
        {"\xEF\xBB\xBF<script>alert(1)</script>", "text/html"},
        {"harmless at first <ScRiPt src=x>", "text/html"},
        {"<?xml version=\"1.0\"?><svg xmlns=", "image/svg+xml"},
        {"<svg onload=alert(1)>", "image/svg+xml"},
        {"<?xml version=\"1.0\"?><a/>", "text/xml"},
        {"Hello\r\n\tworld", "text/plain"},
        {"\xD0\x9F\xD1\x80\xD0\xB8", "text/plain"},
        {"caf\xE9", "application/octet-stream"},
        {"cut \xD0", "application/octet-stream"},
        {"a\0b"s, "application/octet-stream"},
        {"\x7F"
         "ELF\2",
         "application/octet-stream"},
        {"\xFF", "application/octet-stream"},
    };
    for (const auto& [head, media_type] : cases)
        EXPECT_EQ(sniff_media_type(as_bytes(head)), media_type) << testing::PrintToString(head);
}

TEST(SniffMediaType, NeedsNoMoreThanItSays) {
    auto text = std::string(sniffed_bytes - 1, 'a') + "\xD0\x9F";
    EXPECT_EQ(sniff_media_type(as_bytes(text)), "text/plain") << "a character may be cut by the end";
    text += '\0';
    EXPECT_EQ(sniff_media_type(as_bytes(text)), "text/plain");
    EXPECT_EQ(sniff_media_type(as_bytes(text.substr(0, sniffed_bytes))), "text/plain");
}

TEST(SniffMediaType, TakesAnyBeginning) {
    for (const auto* whole :
         {"\x89PNG\r\n\x1A\n", "OggS", "RIFFaaaaWEBP", "<!DOCTYPE html>", "....ftypmif1"}) {
        const std::string_view text(whole);
        for (std::size_t size = 0; size <= text.size(); ++size)
            EXPECT_FALSE(sniff_media_type(as_bytes(text.substr(0, size))).empty());
    }
}

TEST(ServedMediaType, IsBytesForWhatCouldRun) {
    for (const auto* type : {"text/html", "image/svg+xml", "text/xml"}) {
        EXPECT_EQ(served_media_type(type), "application/octet-stream") << type;
        EXPECT_FALSE(is_shown_inline(type)) << type;
    }
    EXPECT_EQ(served_media_type("text/plain"), "text/plain; charset=utf-8");
    EXPECT_EQ(served_media_type("image/png"), "image/png");
    for (const auto* type :
         {"application/pdf", "text/plain", "application/octet-stream", "image/bmp", "image/heic"})
        EXPECT_FALSE(is_shown_inline(type)) << type;
    for (const auto* type :
         {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "audio/mpeg", "video/mp4"})
        EXPECT_TRUE(is_shown_inline(type)) << type;
}

}  // namespace
}  // namespace parley::chat
