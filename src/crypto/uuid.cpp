#include "crypto/uuid.hpp"

#include "crypto/hex.hpp"
#include "crypto/random.hpp"

namespace parley::crypto {

std::string random_uuid() {
    auto bytes = random_bytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);  // version 4
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);  // the variant of RFC 9562
    auto text = to_hex(as_bytes(bytes));
    for (const auto at : {20, 16, 12, 8}) text.insert(static_cast<std::size_t>(at), 1, '-');
    return text;
}

}  // namespace parley::crypto
