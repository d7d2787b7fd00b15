#include "operations/process_facts.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace parley::operations {
namespace {

TEST(ProcessFacts, AreThoseOfThisProcess) {
    const auto facts = read_process_facts();
    EXPECT_GT(facts.resident_bytes, 100'000u);
    EXPECT_GT(facts.memory_bytes, facts.resident_bytes);
    EXPECT_GT(facts.memory_percent(), 0);
    EXPECT_LT(facts.memory_percent(), 100);
}

TEST(ProcessFacts, CanBeThoseOfMemoryAlone) {
    const auto facts = read_memory_facts();
    EXPECT_GT(facts.resident_bytes, 100'000u);
    EXPECT_EQ(facts.memory_bytes, read_process_facts().memory_bytes);
    EXPECT_EQ(facts.open_descriptors, 0u);
}

TEST(ProcessFacts, CountEveryDescriptor) {
    const auto before = read_process_facts().open_descriptors;
    const int first = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int second = open("/dev/null", O_RDONLY | O_CLOEXEC);
    EXPECT_EQ(read_process_facts().open_descriptors, before + 2);
    close(first);
    close(second);
    EXPECT_EQ(read_process_facts().open_descriptors, before);
}

TEST(ProcessFacts, TellNoShareOfUnknownMemory) {
    EXPECT_EQ(ProcessFacts{.resident_bytes = 1}.memory_percent(), 0);
}

}  // namespace
}  // namespace parley::operations
