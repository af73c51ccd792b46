#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include <ATen/TensorOperators.h>

#include "tests/executor/fixture.h"
#include "tests/executor/gpu/gpu_run.h"

namespace pipedit::executor::test {
namespace {

using tests::PlanShape;

// The last step, by kind of task on the first rank: what a person wants to see of a run on a GPU.
void print_last_step(const char* name, const Timeline& timeline) {
  std::map<std::string, std::pair<int, Nanos>> kinds;
  const Occurrence* last = nullptr;
  for (const Occurrence& unit : timeline.occurrences)
    if (unit.step >= 0) last = &unit;
  for (const TaskInstance& task : expand(timeline)) {
    if (task.unit->start != last->start || task.task->rank != Rank{0}) continue;
    auto& [count, time] = kinds[task.task->kind];
    ++count;
    time += task.end - task.start;
  }
  std::printf("# %s: step %.3f ms, run %.1f ms\n", name, static_cast<double>((last->end - last->start).count()) / 1e6,
              static_cast<double>(timeline.makespan.count()) / 1e6);
  for (const auto& [kind, sum] : kinds)
    std::printf("%-18s %4d tasks %10.3f ms\n", kind.c_str(), sum.first, static_cast<double>(sum.second.count()) / 1e6);
}

class GpuFullWidth : public testing::Test {
 protected:
  Outcome run(const char* name, const PlanShape& shape, std::uint64_t seed = 3) {
    return run(name, shape, {.attention = "auto", .fa3_library = fa3_library()}, seed);
  }
  // Nothing is taken from the device while steps run.
  Outcome run(const char* name, const PlanShape& shape, const kernels::cuda::KernelOptions& kernels,
              std::uint64_t seed = 3) {
    Outcome outcome = bf16_.run(shape, kernels, 1, seed);
    print_last_step(name, outcome.timeline);
    EXPECT_EQ(bf16_.allocations(), 0) << name;
    return outcome;
  }

  FullWidth bf16_{at::kBFloat16};
};

at::Tensor latents(const Outcome& outcome) { return outcome.latents.at(0); }

// What one rank's latents move by when another kernel does its attention: plans may move them as far, and no further.
TEST_F(GpuFullWidth, PlansAgreeInBf16) {
  const at::Tensor one = latents(run("one rank", {}));
  const double cudnn = error_of(latents(run("cudnn", {}, {.attention = "cudnn"})), one);
  const double fa2 = error_of(latents(run("fa2", {}, {.attention = "fa2"})), one);
  const double bound = std::max(cudnn, fa2);
  std::printf("# two kernels: cudnn %.2e, fa2 %.2e\n", cudnn, fa2);
  EXPECT_LE(bound, 2e-2);
  const at::Tensor ulysses = latents(run("ulysses 4 on one GPU", {.denoise = 4}));
  EXPECT_LE(error_of(ulysses, one), bound);
  EXPECT_EQ(max_difference(latents(run("pipesp 3,2,1", {.denoise = 4, .chunks = {3, 2, 1}})), ulysses), 0);
  EXPECT_EQ(max_difference(latents(run("2 row groups", {.denoise = 4, .row_groups = 2})), ulysses), 0);
  const at::Tensor lent = latents(run("aco", {.denoise = 3, .decode = 1, .lent_heads = 3}));
  EXPECT_LE(error_of(lent, one), bound);
}

// Buffers are poisoned before each run, and another input comes between two that are the same.
TEST_F(GpuFullWidth, TwoRunsAreBitEqual) {
  const PlanShape shape{.denoise = 2, .decode = 1, .chunks = {4, 4}, .lent_heads = 3};
  const Outcome first = run("first", shape), other = run("other", shape, 4), again = run("again", shape);
  EXPECT_EQ(max_difference(latents(again), latents(first)), 0);
  EXPECT_EQ(max_difference(again.videos.at(0), first.videos.at(0)), 0);
  EXPECT_GT(error_of(latents(other), latents(first)), 0.1);
  EXPECT_EQ(first.videos.at(0).sizes(), (at::IntArrayRef{97, 352, 480, 3}));
}

TEST_F(GpuFullWidth, Bf16IsNearFp32) {
  const at::Tensor one = latents(run("one rank", {}));
  FullWidth fp32(at::kFloat);
  const Outcome exact = fp32.run({}, {.attention = "reference"});
  print_last_step("fp32", exact.timeline);
  const double error = error_of(one, latents(exact));
  std::printf("# bf16 against fp32: %.2e\n", error);
  EXPECT_LE(error, 3e-2);
}

}  // namespace
}  // namespace pipedit::executor::test
