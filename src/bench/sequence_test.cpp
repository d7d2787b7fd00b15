#include "bench/sequence.hpp"

#include <gtest/gtest.h>

namespace parley::bench {
namespace {

struct Case {
    const char* name;
    std::vector<std::uint32_t> numbers;
    std::string arrivals;  // o in order, l late, r repeated
    std::uint64_t received;
};

TEST(Sequence, TellsWhatEachMessageIs) {
    const std::vector<Case> cases = {
        {"nothing", {}, "", 0},
        {"all in order", {0, 1, 2}, "ooo", 3},
        {"one is missing", {0, 2, 3}, "ooo", 3},
        {"the first are missing", {5}, "o", 1},
        {"two have changed places", {0, 2, 1, 3}, "oolo", 4},
        {"one comes twice", {0, 0, 1, 1}, "oror", 2},
        {"a late one comes twice", {2, 0, 0, 1, 1}, "olrlr", 3},
        {"out of the middle of a gap", {9, 5, 4, 6, 0, 8, 5, 9}, "olllllrr", 6},
        {"several gaps", {1, 3, 5, 7, 2, 0, 6, 4, 4}, "oooollllr", 8},
        {"backwards", {4, 3, 2, 1, 0, 0}, "ollllr", 5},
    };
    for (const auto& [name, numbers, arrivals, received] : cases) {
        Sequence sequence;
        std::string seen;
        for (const auto number : numbers) {
            constexpr std::string_view letters = "olr";
            seen += letters[static_cast<std::size_t>(sequence.note(number))];
        }
        EXPECT_EQ(seen, arrivals) << name;
        EXPECT_EQ(sequence.received(), received) << name;
    }
}

TEST(Sequence, HoldsNoMemoryForWhatComesInOrder) {
    Sequence sequence;
    for (std::uint32_t number = 0; number < 1'000; ++number) sequence.note(number);
    EXPECT_EQ(sequence.received(), 1'000U);
    EXPECT_LE(sizeof sequence, 16U);
}

}  // namespace
}  // namespace parley::bench
