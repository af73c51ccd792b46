#include "cli/machine/memory_watch.h"

#include <gtest/gtest.h>

#include <atomic>

namespace pipedit::cli {
namespace {

TEST(MemoryWatch, KeepsTheMostBeyondWhatWasHeldBefore) {
  std::atomic<int> looks = 0;
  const auto held = [&] {
    constexpr std::int64_t kHeld[] = {100, 130, 170, 150};
    const int look = looks++;
    return std::vector{Bytes{kHeld[std::min(look, 3)]}, Bytes{7}};
  };
  const MemoryWatch watch(held, std::chrono::milliseconds{1});
  while (looks < 5) std::this_thread::yield();
  EXPECT_EQ(watch.most(0), Bytes{70});
  EXPECT_EQ(watch.most(1), Bytes{0});
}

TEST(MemoryWatch, SaysNothingOfDevicesThatNobodyCounts) {
  const MemoryWatch watch([] { return std::vector<Bytes>{}; });
  EXPECT_EQ(watch.most(0), Bytes{});
}

}  // namespace
}  // namespace pipedit::cli
