#include "chat/http/upload_metadata.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace parley::chat {

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// What is kept of a file, in its order.
class Pieces {
public:
    explicit Pieces(Bytes file) : file_(file) {}

    void keep(std::size_t offset, std::size_t size) {
        kept_bytes_ += size;
        const auto bytes = file_.subspan(offset, size);
        auto* const last = pieces_.empty() ? nullptr : &pieces_.back();
        if (last != nullptr && last->added.empty() && last->kept.data() + last->kept.size() == bytes.data()) {
            last->kept = {last->kept.data(), last->kept.size() + size};
        } else if (size > 0) {
            pieces_.push_back({.kept = bytes});
        }
    }
    void add(std::string bytes) { pieces_.push_back({.added = std::move(bytes)}); }

    [[nodiscard]] std::optional<std::vector<FilePiece>> take() {
        if (kept_bytes_ == file_.size()) return std::nullopt;
        return std::move(pieces_);
    }

private:
    Bytes file_;
    std::size_t kept_bytes_ = 0;
    std::vector<FilePiece> pieces_;
};

enum class ByteOrder : std::uint8_t { big, little };

std::uint32_t number(Bytes bytes, std::size_t offset, std::size_t size, ByteOrder order) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value = value << 8U | bytes[offset + (order == ByteOrder::big ? i : size - 1 - i)];
    return value;
}

std::string number_text(std::uint32_t value, ByteOrder order) {
    std::string text(4, '\0');
    for (std::size_t i = 0; i < 4; ++i)
        text[order == ByteOrder::big ? i : 3 - i] = static_cast<char>(value >> (24 - 8 * i) & 0xFFU);
    return text;
}

bool begins_with(Bytes bytes, std::string_view text) { return as_text(bytes).starts_with(text); }

constexpr std::string_view exif_prefix = "Exif\0\0"sv;

/// The orientation that a block of Exif states (Exif 2.3, section 4.6.2; TIFF 6.0, section 2): 2 to 8; 0 when
/// it has none, or the usual one.
std::uint32_t orientation_of(Bytes exif) {
    constexpr std::size_t entry_bytes = 12;
    constexpr std::uint32_t orientation_tag = 0x0112;
    constexpr std::uint32_t short_type = 3;
    if (begins_with(exif, exif_prefix)) exif = exif.subspan(exif_prefix.size());
    const bool is_big = begins_with(exif, "MM\0*"sv);
    if (exif.size() < 10 || (!is_big && !begins_with(exif, "II*\0"sv))) return 0;
    const auto order = is_big ? ByteOrder::big : ByteOrder::little;
    const std::size_t directory = number(exif, 4, 4, order);
    if (directory > exif.size() - 2) return 0;
    const auto count = number(exif, directory, 2, order);
    for (std::size_t i = 0; i < count; ++i) {
        const auto entry = directory + 2 + i * entry_bytes;
        if (entry + entry_bytes > exif.size()) return 0;
        if (number(exif, entry, 2, order) != orientation_tag) continue;
        if (number(exif, entry + 2, 2, order) != short_type) return 0;
        const auto value = number(exif, entry + 8, 2, order);
        return value >= 2 && value <= 8 ? value : 0;
    }
    return 0;
}

/// A block of Exif that states an orientation and nothing else.
std::string minimal_exif(std::uint32_t orientation) {
    return "MM\0*\0\0\0\x08\0\x01"s + "\x01\x12\0\x03\0\0\0\x01\0"s + static_cast<char>(orientation) +
           "\0\0\0\0\0\0"s;
}

// JPEG (ITU-T T.81, annex B): segments that begin with FF and their kind, then a length that counts itself.

bool is_needed_segment(std::uint8_t kind, Bytes content) {
    constexpr std::uint8_t first_application = 0xE0;
    constexpr std::uint8_t last_application = 0xEF;
    constexpr std::uint8_t comment = 0xFE;
    if (kind == comment) return false;
    if (kind < first_application || kind > last_application) return true;
    return (kind == 0xE0 && begins_with(content, "JFIF\0"sv)) ||
           (kind == 0xE2 && begins_with(content, "ICC_PROFILE\0"sv)) ||
           (kind == 0xEE && begins_with(content, "Adobe"sv));  // how its colours are meant
}

/// Where the coded data that begins at `at` ends: at the next marker that is none within it.
std::size_t end_of_scan(Bytes file, std::size_t at) {
    while (at + 1 < file.size()) {
        const auto* const found = std::find(file.data() + at, file.data() + file.size() - 1, 0xFF);
        at = static_cast<std::size_t>(found - file.data());
        if (at + 1 >= file.size()) break;
        const auto next = file[at + 1];
        const bool is_within = next == 0 || (next >= 0xD0 && next <= 0xD7);
        if (!is_within && next != 0xFF) return at;
        at += next == 0xFF ? 1 : 2;
    }
    return file.size();
}

std::optional<std::vector<FilePiece>> clean_jpeg(Bytes file) {
    constexpr std::uint8_t end_of_image = 0xD9;
    constexpr std::uint8_t start_of_scan = 0xDA;
    constexpr std::uint8_t exif_segment = 0xE1;
    Pieces pieces(file);
    pieces.keep(0, 2);
    bool has_orientation = false;
    for (std::size_t at = 2; at + 1 < file.size();) {
        const auto kind = file[at + 1];
        if (file[at] != 0xFF || kind == 0xFF || kind == 0) {
            ++at;  // a filler, or what does not belong here
            continue;
        }
        if (kind == end_of_image) {
            pieces.keep(at, 2);
            break;
        }
        if ((kind >= 0xD0 && kind <= 0xD7) || kind == 0x01) {
            pieces.keep(at, 2);
            at += 2;
            continue;
        }
        const std::size_t size = at + 4 <= file.size() ? 2 + number(file, at + 2, 2, ByteOrder::big) : 0;
        if (size < 4 || at + size > file.size()) break;
        const auto content = file.subspan(at + 4, size - 4);
        if (is_needed_segment(kind, content)) {
            const auto end = kind == start_of_scan ? end_of_scan(file, at + size) : at + size;
            pieces.keep(at, end - at);
            at = end;
            continue;
        }
        if (kind == exif_segment && begins_with(content, exif_prefix) && !has_orientation) {
            if (const auto orientation = orientation_of(content); orientation != 0) {
                pieces.add("\xFF\xE1\0\x22"s + std::string(exif_prefix) + minimal_exif(orientation));
                has_orientation = true;
            }
        }
        at += size;
    }
    return pieces.take();
}

// PNG (third edition, section 5.3): chunks of a length, a type, content and a checksum.

std::uint32_t crc32(std::string_view text) {
    std::uint32_t crc = 0xFFFF'FFFF;
    for (const char c : text) {
        crc ^= static_cast<std::uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB8'8320U : 0U);
    }
    return ~crc;
}

std::string png_chunk(const std::string& type, const std::string& content) {
    return number_text(static_cast<std::uint32_t>(content.size()), ByteOrder::big) + type + content +
           number_text(crc32(type + content), ByteOrder::big);
}

std::optional<std::vector<FilePiece>> clean_png(Bytes file) {
    static constexpr std::array needed = {
        "IHDR"sv, "PLTE"sv, "IDAT"sv, "IEND"sv, "tRNS"sv, "cHRM"sv, "gAMA"sv, "iCCP"sv, "sBIT"sv, "sRGB"sv,
        "cICP"sv, "mDCV"sv, "cLLI"sv, "bKGD"sv, "hIST"sv, "pHYs"sv, "sPLT"sv, "acTL"sv, "fcTL"sv, "fdAT"sv};
    constexpr std::size_t signature_bytes = 8;
    constexpr std::size_t frame_bytes = 12;  // of a chunk: all but its content
    Pieces pieces(file);
    pieces.keep(0, signature_bytes);
    bool has_orientation = false;
    for (std::size_t at = signature_bytes; file.size() - at >= frame_bytes;) {
        const std::size_t size = frame_bytes + number(file, at, 4, ByteOrder::big);
        if (size > file.size() - at) break;
        const auto type = as_text(file.subspan(at + 4, 4));
        if (std::find(needed.begin(), needed.end(), type) != needed.end()) {
            pieces.keep(at, size);
        } else if (type == "eXIf" && !has_orientation) {
            const auto orientation = orientation_of(file.subspan(at + 8, size - frame_bytes));
            has_orientation = orientation != 0;
            if (has_orientation) pieces.add(png_chunk("eXIf", minimal_exif(orientation)));
        }
        if (type == "IEND") break;
        at += size;
    }
    return pieces.take();
}

// WebP (RFC 9649, section 2): RIFF, a size, WEBP, then chunks of a name, a size and content of even length.

struct WebpChunk {
    std::string_view name;
    std::size_t offset;
    std::size_t size;  // with its head and what fills it up
};

std::vector<WebpChunk> webp_chunks(Bytes file) {
    constexpr std::size_t head_bytes = 8;
    constexpr std::size_t chunks_max = 100'000;  // frames of an animation
    std::vector<WebpChunk> chunks;
    const auto end = std::min<std::size_t>(file.size(), head_bytes + number(file, 4, 4, ByteOrder::little));
    for (std::size_t at = 12; at + head_bytes <= end && chunks.size() < chunks_max;) {
        const std::size_t content = number(file, at + 4, 4, ByteOrder::little);
        const auto size = head_bytes + content + content % 2;
        if (size > end - at) break;
        chunks.push_back({as_text(file.subspan(at, 4)), at, size});
        at += size;
    }
    return chunks;
}

std::optional<std::vector<FilePiece>> clean_webp(Bytes file) {
    static constexpr std::array needed = {"VP8 "sv, "VP8L"sv, "VP8X"sv, "ALPH"sv,
                                          "ANIM"sv, "ANMF"sv, "ICCP"sv};
    constexpr std::size_t flags_offset = 8;
    constexpr unsigned exif_flag = 0x08;
    constexpr unsigned xmp_flag = 0x04;
    if (file.size() < 12) return std::nullopt;
    std::uint32_t orientation = 0;
    std::size_t kept_bytes = 4;
    auto chunks = webp_chunks(file);
    for (const auto& chunk : chunks)
        if (chunk.name == "EXIF" && orientation == 0)
            orientation = orientation_of(file.subspan(chunk.offset + 8, chunk.size - 8));
    std::erase_if(chunks, [](const WebpChunk& chunk) {
        return std::find(needed.begin(), needed.end(), chunk.name) == needed.end();
    });
    for (const auto& chunk : chunks) kept_bytes += chunk.size;
    if (kept_bytes + 8 == file.size()) return std::nullopt;

    std::string exif;
    if (orientation != 0) {
        const auto block = minimal_exif(orientation);
        exif = "EXIF" + number_text(static_cast<std::uint32_t>(block.size()), ByteOrder::little) + block;
    }
    Pieces pieces(file);
    const auto riff_bytes = static_cast<std::uint32_t>(kept_bytes + exif.size());
    pieces.add("RIFF" + number_text(riff_bytes, ByteOrder::little) + "WEBP");
    for (const auto& chunk : chunks) {
        if (chunk.name != "VP8X" || chunk.size <= flags_offset) {
            pieces.keep(chunk.offset, chunk.size);
            continue;
        }
        std::string head(as_text(file.subspan(chunk.offset, chunk.size)));
        auto flags = static_cast<unsigned char>(head[flags_offset]) & ~(exif_flag | xmp_flag);
        if (!exif.empty()) flags |= exif_flag;
        head[flags_offset] = static_cast<char>(flags);
        pieces.add(std::move(head));
    }
    if (!exif.empty()) pieces.add(std::move(exif));
    return pieces.take();
}

}  // namespace

std::optional<std::vector<FilePiece>> without_metadata(std::string_view media_type, Bytes picture) {
    if (media_type == "image/jpeg") return clean_jpeg(picture);
    if (media_type == "image/png") return clean_png(picture);
    if (media_type == "image/webp") return clean_webp(picture);
    return std::nullopt;
}

}  // namespace parley::chat
