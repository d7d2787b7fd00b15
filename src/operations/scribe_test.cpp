#include "operations/scribe.hpp"

#include <future>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace parley::operations {
namespace {

TEST(Scribe, DoesTasksInTheirOrderOnAThreadOfItsOwn) {
    std::vector<int> done;
    std::thread::id worker;
    std::promise<void> finished;
    Scribe scribe;
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(scribe.post([&done, i] { done.push_back(i); }));
    ASSERT_TRUE(scribe.post([&] {
        worker = std::this_thread::get_id();
        finished.set_value();
    }));
    finished.get_future().wait();
    EXPECT_EQ(done, (std::vector{0, 1, 2}));
    EXPECT_NE(worker, std::this_thread::get_id());
}

TEST(Scribe, RefusesWhatIsTooMuchAndKeepsNothingAtItsEnd) {
    const auto held = std::make_shared<int>(0);
    std::promise<void> begun;
    std::promise<void> may_end;
    {
        Scribe scribe;
        ASSERT_TRUE(scribe.post([&, waits = may_end.get_future().share()] {
            begun.set_value();
            waits.wait();
        }));
        begun.get_future().wait();
        for (std::size_t i = 0; i < Scribe::waiting_max; ++i)
            EXPECT_TRUE(scribe.post([held] { ++*held; })) << i;
        EXPECT_FALSE(scribe.post([] {}));
        may_end.set_value();
    }
    EXPECT_EQ(held.use_count(), 1) << "what was not done is dropped";
}

}  // namespace
}  // namespace parley::operations
