#include "crypto/random.hpp"

#include <openssl/rand.h>

#include "base/check.hpp"

namespace parley::crypto {

namespace {

void fill(void* target, std::size_t count) {
    // A machine without randomness cannot keep any promise of ours.
    PARLEY_CHECK(RAND_bytes(static_cast<unsigned char*>(target), static_cast<int>(count)) == 1,
                 "the operating system gives no random numbers");
}

}  // namespace

std::uint64_t random_below(std::uint64_t below) {
    PARLEY_CHECK(below > 0, "there is no number below 0");
    // Values of the last, incomplete round would be more likely than others: draw again.
    const std::uint64_t usable = UINT64_MAX - UINT64_MAX % below;
    std::uint64_t drawn = 0;
    do {
        fill(&drawn, sizeof drawn);
    } while (drawn >= usable);
    return drawn % below;
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    fill(bytes.data(), count);
    return bytes;
}

}  // namespace parley::crypto
