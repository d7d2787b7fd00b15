#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.hpp"

// Pictures made by hand, as tests need them.
namespace parley::chat::test {

inline std::string bytes_of_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(*hex_digit_value(hex[i]) << 4U | *hex_digit_value(hex[i + 1]));
    return bytes;
}

/// A black JPEG of 12 by 8 pixels without anything that is not needed.
inline std::string small_jpeg() {
    return bytes_of_hex(
        "ffd8ffdb004300100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c3933383740485c"
        "4e404457453738506d51575f626768673e4d71797064785c656763ffc0000b080008000c01011100ffc4001f"
        "0000010501010101010100000000000000000102030405060708090a0bffc400b51000020103030204030505"
        "04040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f0243362728209"
        "0a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a73"
        "7475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3"
        "c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda000801010000"
        "3f00f3fa2bffd9");
}

/// A segment of a JPEG: `kind` is the second byte of its marker.
inline std::string jpeg_segment(std::uint8_t kind, const std::string& content) {
    const auto size = content.size() + 2;
    return {std::string("\xFF") + static_cast<char>(kind) + static_cast<char>(size >> 8U) +
            static_cast<char>(size & 0xFFU) + content};
}

/// `jpeg` with segments behind its first marker.
inline std::string with_segments(const std::string& jpeg, const std::string& segments) {
    return jpeg.substr(0, 2) + segments + jpeg.substr(2);
}

/// A block of Exif, little-endian, that states a camera, an orientation and a place.
inline std::string telling_exif(char orientation) {
    using namespace std::string_literals;
    return "II*\0\x08\0\0\0"s + "\x03\0"s +                               // three entries
           "\x0F\x01\x02\0\x05\0\0\0\x32\0\0\0"s +                        // the maker, at 50
           "\x12\x01\x03\0\x01\0\0\0"s + orientation + "\0\0\0"s +        // which way is up
           "\x25\x88\x04\0\x01\0\0\0\x38\0\0\0"s + "\0\0\0\0"s +          // GPS, at 56
           "Nikon\0"s + "\x01\0\x01\0\x02\0\x02\0\0\0SECRET-PLACE\0\0"s;  // the northern hemisphere
}

inline std::string big_endian(std::uint32_t value) {
    return {static_cast<char>(value >> 24U), static_cast<char>(value >> 16U & 0xFFU),
            static_cast<char>(value >> 8U & 0xFFU), static_cast<char>(value & 0xFFU)};
}

inline std::string png_chunk(const std::string& type, const std::string& content) {
    std::uint32_t crc = 0xFFFF'FFFF;
    for (const char c : type + content) {
        crc ^= static_cast<std::uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB8'8320U : 0U);
    }
    return big_endian(static_cast<std::uint32_t>(content.size())) + type + content + big_endian(~crc);
}

/// `count` zero bytes, compressed a thousandfold (RFC 1950; RFC 1951, section 3.2.6).
inline std::string deflated_zeros(std::uint64_t count) {
    std::string out = "\x78\x01";
    unsigned bits = 0;
    unsigned bit_count = 0;
    const auto put = [&](unsigned bit) {
        bits |= bit << bit_count;
        if (++bit_count < 8) return;
        out += static_cast<char>(bits);
        bits = bit_count = 0;
    };
    const auto put_code = [&](unsigned code, unsigned length) {
        for (unsigned i = length; i-- > 0;) put(code >> i & 1U);
    };
    put(1);  // the last block, of fixed codes
    put(1);
    put(0);
    const auto matches = count == 0 ? 0 : (count - 1) / 258;
    for (std::uint64_t i = matches * 258; i < count; ++i) put_code(0x30, 8);
    for (std::uint64_t i = 0; i < matches; ++i) put_code(0xC5, 8), put_code(0, 5);
    put_code(0, 7);
    while (bit_count != 0) put(0);
    return out + big_endian(static_cast<std::uint32_t>(count % 65'521) << 16U | 1U);
}

/// A black PNG that says it has this size; `rows` of them are there. `chunks` come before its pixels.
inline std::string black_png(std::uint32_t width, std::uint32_t height, std::uint64_t rows,
                             const std::string& chunks = "") {
    using namespace std::string_literals;
    return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", big_endian(width) + big_endian(height) + "\x08\0\0\0\0"s) +
           chunks + png_chunk("IDAT", deflated_zeros(rows * (width + 1ULL))) + png_chunk("IEND", "");
}

inline std::string black_png(std::uint32_t width, std::uint32_t height) {
    return black_png(width, height, height);
}

}  // namespace parley::chat::test
