#include "executor/warm_up.h"

#include <map>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/executor/small_program.h"

namespace pipedit::executor::test {
namespace {

using namespace program;

// Three replicas, which draw from five requests of four steps.
Program replicas() {
  SmallProgram small(3, 5);
  for (int rank = 0; rank < 3; ++rank) {
    const SegmentId id = small.add(segment({task(Rank{rank}, Lane::compute)}));
    small.add_actor({Rank{rank}}, {unit(UnitKind::step, {{id, 0}}, 4)});
  }
  return small.program;
}

class WarmUp : public testing::Test {
 protected:
  Job job() const {
    Job job;
    job.workload = &workload_;
    return job;
  }

  Program program_ = replicas();
  Workload workload_ = uniform_workload({.width = 16, .height = 16, .frames = 1, .steps = 4, .text_tokens = 1}, 5);
  CpuBackend backend_{{.slots = 3}};
};

TEST_F(WarmUp, TakesOneStepOnEveryThreadThatTheRunWillUse) {
  std::mutex mutex;
  std::map<std::pair<Rank, std::thread::id>, int> tasks;
  ExecuteOptions options;
  options.operation = [&](const OpContext& context) {
    const std::lock_guard lock(mutex);
    ++tasks[{context.task.rank, std::this_thread::get_id()}];
  };
  warm_up(program_, backend_, job(), options);
  ASSERT_EQ(tasks.size(), 3u);
  for (const auto& [thread, count] : tasks) EXPECT_EQ(count, 1) << index(thread.first);
  execute(program_, backend_, job(), options);
  ASSERT_EQ(tasks.size(), 3u);  // no other thread
  int all = 0;
  for (const auto& [thread, count] : tasks) all += count;
  EXPECT_EQ(all, 3 + 5 * 4);
}

TEST_F(WarmUp, LeavesToTheRunWhatOperationsKeep) {
  std::mutex mutex;
  std::map<Rank, std::vector<at::Tensor>> tables;
  ExecuteOptions options;
  options.operation = [&](const OpContext& context) {
    const at::Tensor& cos = context.cache.rope({.rope_dims_thw = {2, 2, 2}}, {1, 1, 1}, {0, 1}, at::kCPU).cos;
    const std::lock_guard lock(mutex);
    tables[context.task.rank].push_back(cos);
  };
  const Job job = this->job();
  warm_up(program_, backend_, job, options);
  execute(program_, backend_, job, options);
  ASSERT_EQ(tables.size(), 3u);
  for (const auto& [rank, seen] : tables)
    for (const at::Tensor& table : seen) EXPECT_TRUE(table.is_same(seen.front())) << index(rank);
  EXPECT_FALSE(tables[Rank{0}].front().is_same(tables[Rank{1}].front()));
}

TEST_F(WarmUp, StopsWhenAsked) {
  std::atomic<bool> stop = false;
  ExecuteOptions options;
  options.stop = &stop;
  options.operation = [&](const OpContext&) {
    stop = true;
    std::this_thread::sleep_for(100ms);
  };
  EXPECT_THROW(warm_up(program_, backend_, job(), options), Error);
}

}  // namespace
}  // namespace pipedit::executor::test
