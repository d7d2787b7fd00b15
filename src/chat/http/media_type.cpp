#include "chat/http/media_type.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace parley::chat {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view unknown = "application/octet-stream";
constexpr std::string_view plain_text = "text/plain";

/// Bytes that stand at a place in all files of a type, and in no others.
struct Signature {
    std::size_t offset;
    std::string_view bytes;
    std::string_view media_type;
};

constexpr Signature signatures[] = {
    {0, "\x89PNG\r\n\x1A\n"sv, "image/png"},
    {0, "\xFF\xD8\xFF"sv, "image/jpeg"},
    {0, "GIF87a"sv, "image/gif"},
    {0, "GIF89a"sv, "image/gif"},
    {0, "%PDF-"sv, "application/pdf"},
    {0, "fLaC"sv, "audio/flac"},
    {0, "ID3"sv, "audio/mpeg"},
    {0, "PK\x03\x04"sv, "application/zip"},
    {0, "PK\x05\x06"sv, "application/zip"},  // an empty one
    {0, "\x1F\x8B\x08"sv, "application/gzip"},
};

/// The first four bytes say RIFF, then comes a length, then one of these.
constexpr Signature riff_forms[] = {
    {8, "WEBP"sv, "image/webp"}, {8, "WAVE"sv, "audio/wav"}, {8, "AVI "sv, "video/x-msvideo"}};

/// The major brand of an ISO base media file (ISO/IEC 14496-12, section 4.3), at byte 8; other ones are
/// films.
constexpr Signature brands[] = {
    {8, "avif"sv, "image/avif"}, {8, "avis"sv, "image/avif"},     {8, "heic"sv, "image/heic"},
    {8, "heix"sv, "image/heic"}, {8, "heim"sv, "image/heic"},     {8, "heis"sv, "image/heic"},
    {8, "hevc"sv, "image/heic"}, {8, "hevx"sv, "image/heic"},     {8, "M4A "sv, "audio/mp4"},
    {8, "M4B "sv, "audio/mp4"},  {8, "qt  "sv, "video/quicktime"}};

bool has_at(std::string_view text, std::size_t offset, std::string_view bytes) {
    return text.size() >= offset && text.substr(offset).starts_with(bytes);
}

template <std::size_t count>
std::string_view find_signature(const Signature (&table)[count], std::string_view text) {
    for (const auto& signature : table)
        if (has_at(text, signature.offset, signature.bytes)) return signature.media_type;
    return {};
}

std::string_view iso_media_type(std::string_view text) {
    if (const auto known = find_signature(brands, text); !known.empty()) return known;
    if (!has_at(text, 8, "mif1") && !has_at(text, 8, "msf1")) return "video/mp4";
    // A picture by its structure; the brands that follow say how it is encoded.
    const auto compatible = text.substr(0, 64);
    return compatible.find("avif") != std::string_view::npos ? "image/avif" : "image/heic";
}

/// Whether an MPEG audio frame of layer III begins here (ISO/IEC 11172-3, section 2.4.1.3).
bool is_mp3_frame(std::string_view text) {
    if (text.size() < 3 || text[0] != '\xFF') return false;
    const auto second = static_cast<std::uint8_t>(text[1]);
    const auto third = static_cast<std::uint8_t>(text[2]);
    const bool is_layer_3 = (second & 0xE6U) == 0xE2 && (second & 0x18U) != 0x08;
    return is_layer_3 && (third & 0xF0U) != 0xF0 && (third & 0xF0U) != 0 && (third & 0x0CU) != 0x0C;
}

std::string_view container_type(std::string_view text) {
    if (text.starts_with("RIFF")) return find_signature(riff_forms, text);
    if (has_at(text, 4, "ftyp")) return iso_media_type(text);
    if (text.starts_with("\x1A\x45\xDF\xA3"sv)) {
        return text.substr(0, 64).find("webm") != std::string_view::npos ? "video/webm" : "video/x-matroska";
    }
    if (text.starts_with("OggS"sv)) return has_at(text, 28, "\x80theora"sv) ? "video/ogg" : "audio/ogg";
    // The length that a bitmap states is often wrong; what it reserves is zero.
    if (text.starts_with("BM") && has_at(text, 6, "\0\0\0\0"sv) && text.size() >= 26) return "image/bmp";
    if (is_mp3_frame(text)) return "audio/mpeg";
    return {};
}

/// What a browser that looked would take for HTML (MIME Sniffing standard, section 7.1), wherever it is in
/// the text: being careful costs nothing.
bool has_markup(const std::string& lower_text) {
    constexpr std::array<std::string_view, 17> tags = {
        "<!doctype html", "<html",  "<head", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a ",
        "<style",         "<title", "<b>",   "<body",   "<br",     "<p>", "<!--"};
    return std::any_of(tags.begin(), tags.end(),
                       [&](auto tag) { return lower_text.find(tag) != std::string::npos; });
}

std::string_view text_type(std::string_view text) {
    Utf8Validator validator;
    const bool is_whole = text.size() < sniffed_bytes;
    if (!validator.feed(as_bytes(text)) || (is_whole && !validator.complete())) return unknown;
    const auto is_binary = [](char c) {
        return (c >= 0 && c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\x1B') ||
               c == 0x7F;
    };
    if (std::any_of(text.begin(), text.end(), is_binary)) return unknown;
    const auto lower_text = to_lower_ascii(text);
    if (lower_text.find("<svg") != std::string::npos) return "image/svg+xml";
    if (has_markup(lower_text)) return "text/html";
    if (lower_text.find("<?xml") != std::string::npos) return "text/xml";
    return plain_text;
}

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& types, std::string_view type) {
    return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

std::string_view sniff_media_type(Bytes head) {
    const auto text = as_text(head.first(std::min(head.size(), sniffed_bytes)));
    if (const auto type = find_signature(signatures, text); !type.empty()) return type;
    if (const auto type = container_type(text); !type.empty()) return type;
    return text_type(text);
}

bool is_picture(std::string_view media_type) {
    static constexpr std::array types = {"image/png"sv,  "image/jpeg"sv, "image/gif"sv,
                                         "image/webp"sv, "image/avif"sv, "image/heic"sv};
    return is_one_of(types, media_type);
}

bool is_shown_inline(std::string_view media_type) {
    static constexpr std::array types = {"image/png"sv,  "image/jpeg"sv, "image/gif"sv, "image/webp"sv,
                                         "image/avif"sv, "audio/mpeg"sv, "audio/ogg"sv, "audio/wav"sv,
                                         "audio/flac"sv, "audio/mp4"sv,  "video/mp4"sv, "video/webm"sv,
                                         "video/ogg"sv};
    return is_one_of(types, media_type);
}

std::string_view served_media_type(std::string_view media_type) {
    static constexpr std::array active = {"text/html"sv, "image/svg+xml"sv, "text/xml"sv};
    if (is_one_of(active, media_type)) return unknown;
    return media_type == plain_text ? "text/plain; charset=utf-8" : media_type;
}

}  // namespace parley::chat
