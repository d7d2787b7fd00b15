#include "crypto/keyed_hash.hpp"

#include <bit>
#include <cstring>

#include "crypto/random.hpp"

namespace parley::crypto {

namespace {

struct SipState {
    std::uint64_t v0, v1, v2, v3;

    void rounds(int count) {
        for (; count > 0; --count) {
            v0 += v1;
            v2 += v3;
            v1 = std::rotl(v1, 13) ^ v0;
            v3 = std::rotl(v3, 16) ^ v2;
            v0 = std::rotl(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = std::rotl(v1, 17) ^ v2;
            v3 = std::rotl(v3, 21) ^ v0;
            v2 = std::rotl(v2, 32);
        }
    }

    void absorb(std::uint64_t word, int count) {
        v3 ^= word;
        rounds(count);
        v0 ^= word;
    }
};

/// The next `size` bytes as a little-endian number.
std::uint64_t load(const char* bytes, std::size_t size) {
    static_assert(std::endian::native == std::endian::little);
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, size);
    return word;
}

}  // namespace

template <int compression_rounds, int final_rounds>
std::uint64_t sip_hash(std::array<std::uint64_t, 2> key, std::string_view text) {
    SipState state{key[0] ^ 0x736f6d6570736575U, key[1] ^ 0x646f72616e646f6dU, key[0] ^ 0x6c7967656e657261U,
                   key[1] ^ 0x7465646279746573U};
    const std::uint64_t length_byte = std::uint64_t{text.size()} << 56U;
    for (; text.size() >= 8; text.remove_prefix(8)) state.absorb(load(text.data(), 8), compression_rounds);
    state.absorb(length_byte | load(text.data(), text.size()), compression_rounds);
    state.v2 ^= 0xff;
    state.rounds(final_rounds);
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

template std::uint64_t sip_hash<2, 4>(std::array<std::uint64_t, 2> key, std::string_view text);

std::size_t KeyedHash::operator()(std::string_view text) const noexcept {
    static const std::array key = {random_below(UINT64_MAX), random_below(UINT64_MAX)};
    return sip_hash<1, 3>(key, text);
}

}  // namespace parley::crypto
