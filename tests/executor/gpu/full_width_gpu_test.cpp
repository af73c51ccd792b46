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

TEST(GpuFullWidth, PlansAgreeInBf16) {
  FullWidth bf16(at::kBFloat16);
  const kernels::cuda::KernelOptions kernels{.attention = "auto", .fa3_library = fa3_library()};
  const Outcome one = bf16.run({}, kernels);
  print_last_step("one rank", one.timeline);
  EXPECT_EQ(bf16.allocations(), 0);
  const Outcome ulysses = bf16.run({.denoise = 4}, kernels);
  print_last_step("ulysses 4 on one GPU", ulysses.timeline);
  EXPECT_EQ(bf16.allocations(), 0);
  const Outcome pipesp = bf16.run({.denoise = 4, .chunks = {3, 2, 1}, .row_groups = 1}, kernels);
  print_last_step("pipesp 3,2,1 on one GPU", pipesp.timeline);
  EXPECT_EQ(max_difference(pipesp.latents.at(0), ulysses.latents.at(0)), 0);
  EXPECT_EQ(max_difference(bf16.run({.denoise = 4, .row_groups = 2}, kernels).latents.at(0), ulysses.latents.at(0)), 0);
  EXPECT_LE(error_of(ulysses.latents.at(0), one.latents.at(0)), 2e-2);
  const Outcome lent = bf16.run({.denoise = 3, .decode = 1, .lent_heads = 3}, kernels);
  EXPECT_LE(error_of(lent.latents.at(0), one.latents.at(0)), 2e-2);
  EXPECT_EQ(one.videos.at(0).sizes(), (at::IntArrayRef{97, 352, 480, 3}));
  for (const char* name : {"cudnn", "fa2"}) {
    const Outcome other = bf16.run({}, {.attention = name});
    print_last_step(name, other.timeline);
    EXPECT_LE(error_of(other.latents.at(0), one.latents.at(0)), 2e-2) << name;
  }
  FullWidth fp32(at::kFloat);
  const Outcome exact = fp32.run({}, {.attention = "reference"});
  print_last_step("fp32", exact.timeline);
  const double error = error_of(one.latents.at(0), exact.latents.at(0));
  std::printf("# bf16 against fp32: %.2e\n", error);
  EXPECT_LE(error, 3e-2);
}

}  // namespace
}  // namespace pipedit::executor::test
