#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <set>

#include <ATen/TensorOperators.h>
#include <c10/cuda/CUDAFunctions.h>

#include "core/error.h"
#include "tests/executor/fixture.h"
#include "tests/executor/gpu/gpu_run.h"

// Plans whose ranks are on several GPUs, for two of them and for all. On a machine with one GPU there are none.
namespace pipedit::executor::test {
namespace {

using tests::PlanShape;

std::set<int> numbers_of_gpus() {
  const int all = c10::cuda::device_count();
  return all > 1 ? std::set<int>{2, all} : std::set<int>{};
}

class SeveralGpus : public testing::TestWithParam<int> {
 protected:
  int gpus() const { return GetParam(); }
  Outcome run(const PlanShape& shape, int requests = 1, const ExecuteOptions& options = {}) const {
    return run_on_gpu(shape, requests, options, gpus());
  }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SeveralGpus);
INSTANTIATE_TEST_SUITE_P(Gpus, SeveralGpus, testing::ValuesIn(numbers_of_gpus()));

std::string said(const PlanShape& shape) {
  return "denoise " + std::to_string(shape.denoise) + " decode " + std::to_string(shape.decode) + " chunks " +
         std::to_string(shape.chunks.size()) + " row groups " + std::to_string(shape.row_groups) + " transport " +
         std::to_string(static_cast<int>(shape.transport));
}

TEST_P(SeveralGpus, PlansAgreeWithOneRank) {
  const Outcome one = run_on_gpu({});
  const int n = gpus();
  for (const PlanShape& shape :
       {PlanShape{.denoise = n}, PlanShape{.denoise = n, .transport = Transport::staged},
        PlanShape{.denoise = n, .transport = Transport::nccl}, PlanShape{.denoise = n, .chunks = {1, 1}},
        PlanShape{.denoise = n, .row_groups = 2, .fill = false, .transport = Transport::nccl},
        PlanShape{.denoise = n - 1, .decode = 1}, PlanShape{.denoise = n - 1, .decode = 1, .lent_heads = 1},
        PlanShape{.denoise = n - 1, .decode = 1, .lent_heads = 1, .transport = Transport::nccl},
        PlanShape{.denoise = 2 * n}, PlanShape{.denoise = n, .memory = Memory::offload}}) {
    const Outcome outcome = run(shape);
    EXPECT_LE(max_difference(outcome.latents.at(0), one.latents.at(0)), 1e-5) << said(shape);
    EXPECT_LE(max_difference(outcome.videos.at(0), one.videos.at(0)), 1) << said(shape);
  }
}

TEST_P(SeveralGpus, TransportsAndChunksChangeNoBit) {
  const Outcome plain = run({.denoise = gpus()}, 2);
  for (const PlanShape& shape : {PlanShape{.denoise = gpus()}, PlanShape{.denoise = gpus(), .chunks = {1, 1}},
                                 PlanShape{.denoise = gpus(), .row_groups = 4},
                                 PlanShape{.denoise = gpus(), .chunks = {1, 1}, .transport = Transport::nccl},
                                 PlanShape{.denoise = gpus(), .fill = false, .transport = Transport::staged}}) {
    const Outcome outcome = run(shape, 2);
    for (std::size_t request = 0; request < 2; ++request)
      EXPECT_EQ(max_difference(outcome.latents.at(request), plain.latents.at(request)), 0) << said(shape);
  }
}

TEST_P(SeveralGpus, AFailedRankEndsARunInSeconds) {
  ExecuteOptions options;
  options.before_task = [](const TaskInstanceRef& ref) {
    if (ref.call.bindings.step == 2 && ref.task.rank == Rank{1} && ref.task.kind == program::OpKind::attention)
      throw Error("no more");
  };
  for (const Transport transport : {Transport::peer, Transport::nccl, Transport::staged}) {
    const auto begin = std::chrono::steady_clock::now();
    try {
      run({.denoise = gpus(), .transport = transport}, 1, options);
      ADD_FAILURE() << "nothing failed";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(),
                  testing::MatchesRegex("rank 1: request 0 / step 2 / .* / attention.* @ rank 1: no more"));
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  }
}

void print_last_step(const std::string& name, const Timeline& timeline) {
  Nanos last{0};
  for (const Occurrence& unit : timeline.occurrences)
    if (unit.step >= 0) last = unit.end - unit.start;
  std::printf("# %s: step %.3f ms\n", name.c_str(), static_cast<double>(last.count()) / 1e6);
}

TEST_P(SeveralGpus, PlansAgreeInBf16AtFullWidth) {
  FullWidth bf16(at::kBFloat16);
  const kernels::cuda::KernelOptions kernels{.attention = "auto", .fa3_library = fa3_library()};
  const Outcome one = bf16.run({}, kernels);
  print_last_step("one GPU", one.timeline);
  const Outcome ulysses = bf16.run({.denoise = gpus()}, kernels, gpus());
  print_last_step(said({.denoise = gpus()}), ulysses.timeline);
  EXPECT_EQ(bf16.allocations(), 0);
  EXPECT_LE(error_of(ulysses.latents.at(0), one.latents.at(0)), 2e-2);
  for (const PlanShape& shape :
       {PlanShape{.denoise = gpus(), .chunks = {1, 1}}, PlanShape{.denoise = gpus(), .row_groups = 2},
        PlanShape{.denoise = gpus(), .transport = Transport::nccl},
        PlanShape{.denoise = gpus(), .transport = Transport::staged}}) {
    const Outcome outcome = bf16.run(shape, kernels, gpus());
    print_last_step(said(shape), outcome.timeline);
    EXPECT_EQ(max_difference(outcome.latents.at(0), ulysses.latents.at(0)), 0) << said(shape);
  }
}

}  // namespace
}  // namespace pipedit::executor::test
