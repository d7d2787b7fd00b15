#include "operations/capacity.hpp"

#include <gtest/gtest.h>

namespace parley::operations {
namespace {

TEST(Capacity, KeepsDescriptorsBack) {
    const auto capacity = capacity_of(1'024, 128);
    EXPECT_EQ(capacity.descriptors_max, 1'024);
    EXPECT_EQ(capacity.reserved, 128);
    EXPECT_EQ(capacity.connections_max, 896);
}

TEST(Capacity, KeepsAtMostAQuarterBack) {
    const auto capacity = capacity_of(100, 128);
    EXPECT_EQ(capacity.reserved, 25);
    EXPECT_EQ(capacity.connections_max, 75);
}

TEST(Capacity, HasNoEndWithoutALimit) {
    const auto capacity = capacity_of(unlimited, 128);
    EXPECT_EQ(capacity.descriptors_max, unlimited);
    EXPECT_EQ(capacity.connections_max, unlimited);
}

TEST(Capacity, IsThatOfThisProcess) {
    const auto capacity = make_room_for_connections(128);
    if (capacity.descriptors_max == unlimited) GTEST_SKIP() << "no limit of open files here";
    EXPECT_EQ(capacity.connections_max, capacity.descriptors_max - capacity.reserved);
}

}  // namespace
}  // namespace parley::operations
