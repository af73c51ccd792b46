#include <gtest/gtest.h>

#include <cstdio>

#include <ATen/ops/equal.h>
#include <ATen/ops/isnan.h>
#include <cuda_runtime_api.h>

#include "executor/backends/cuda/pinned_weights.h"
#include "executor/weights/random.h"
#include "models/registry.h"
#include "tests/executor/fixture.h"
#include "tests/executor/gpu/gpu_run.h"

// Plans whose weights lie in pinned memory and are loaded stage by stage.
namespace pipedit::executor::test {
namespace {

using tests::PlanShape;

bool is_pinned(const at::Tensor& tensor) {
  cudaPointerAttributes attributes{};
  return cudaPointerGetAttributes(&attributes, tensor.const_data_ptr()) == cudaSuccess &&
         attributes.type == cudaMemoryTypeHost;
}

TEST(GpuOffLoad, IsBitEqualToTheResidentRun) {
  for (const PlanShape& shape : {PlanShape{}, PlanShape{.denoise = 2}, PlanShape{.denoise = 2, .decode = 2}}) {
    PlanShape off = shape;
    off.memory = Memory::offload;
    const Outcome resident = run_on_gpu(shape, 2), loaded = run_on_gpu(off, 2);
    for (std::size_t request = 0; request < 2; ++request) {
      EXPECT_EQ(max_difference(loaded.latents.at(request), resident.latents.at(request)), 0) << shape.denoise;
      EXPECT_EQ(max_difference(loaded.videos.at(request), resident.videos.at(request)), 0) << shape.denoise;
    }
  }
}

TEST(GpuOffLoad, ADroppedLoadShowsInTheLatents) {
  const Workload workload = tiny_workload(1);
  program::Program program = gpu_program({.denoise = 2, .memory = Memory::offload}, workload);
  for (program::Segment& segment : program.segments)
    std::erase_if(segment.tasks, [&](const program::Task& task) {
      return task.kind == program::OpKind::load_weights && task.rank == Rank{1} &&
             program.buffer(task.writes.front().buffer).phase == program::Phase::denoise;
    });
  EXPECT_TRUE(at::isnan(run_on_gpu(program, workload).latents.at(0)).any().item<bool>());
}

TEST(GpuOffLoad, PinnedWeightsAreTheOnesDrawnOnTheGpu) {
  const auto specs = models::weights_of(tiny_model());
  const WeightStore pinned = pinned_random_weights(specs, 4, at::kBFloat16, 0);
  const WeightStore drawn = random_weights(specs, 4, at::TensorOptions(at::kBFloat16).device(at::Device(at::kCUDA, 0)),
                                           kernels::cuda::fill_normal);
  for (const auto& [name, weight] : pinned.tensors()) {
    EXPECT_TRUE(is_pinned(weight)) << name;
    EXPECT_TRUE(at::equal(weight, drawn.at(name).cpu())) << name;
  }
}

void print_loads(const Timeline& timeline, Bytes size) {
  for (const TaskInstance& task : expand(timeline)) {
    if (task.task->kind != "load_weights") continue;
    const double ns = static_cast<double>((task.end - task.start).count());
    std::printf("# %s: %.3f ms (%.1f GB/s if it is the transformer's)\n", task.name.c_str(), ns / 1e6,
                static_cast<double>(size.value) / ns);
  }
}

// What LibTorch holds in a step are temporaries: no weights are on the GPU but in the program's own memory.
TEST(GpuOffLoad, FullWidthInBf16IsBitEqualWithoutResidentWeights) {
  const kernels::cuda::KernelOptions kernels{.attention = "auto", .fa3_library = fa3_library()};
  const Outcome resident = FullWidth(at::kBFloat16).run({.denoise = 2}, kernels);
  FullWidth pinned(at::kBFloat16, FullWidth::Weights::pinned);
  const Outcome loaded = pinned.run({.denoise = 2, .memory = Memory::offload}, kernels);
  EXPECT_EQ(max_difference(loaded.latents.at(0), resident.latents.at(0)), 0);
  EXPECT_EQ(max_difference(loaded.videos.at(0), resident.videos.at(0)), 0);
  EXPECT_EQ(pinned.allocations(), 0);
  std::int64_t transformer = 0;
  for (const auto& [name, weight] : pinned.weights().tensors())
    if (!name.starts_with("vae.")) transformer += static_cast<std::int64_t>(weight.nbytes());
  EXPECT_LT(pinned.held().value, transformer / 2);  // temporaries and workspaces of libraries, no weights
  std::printf("# LibTorch held %.1f MB, the transformer has %.1f MB\n", static_cast<double>(pinned.held().value) / 1e6,
              static_cast<double>(transformer) / 1e6);
  print_loads(loaded.timeline, Bytes{transformer});
}

}  // namespace
}  // namespace pipedit::executor::test
