#pragma once

#include <string>
#include <vector>

#include "executor/backends/cuda/cuda_backend.h"
#include "executor/kernels/cuda/kernel_set.h"
#include "tests/executor/run_plan.h"

// Runs plans with all of their ranks on the first GPU, or on the first few.
namespace pipedit::executor::test {

// As many ranks on each, but for the last.
Cluster some_gpus(int ranks, int gpus);

// As run() of run_plan.h does on CPU threads: the fixtures' reduced model in fp32. Where the plan off-loads weights
// they are in pinned memory and nowhere on the GPU.
Outcome run_on_gpu(const tests::PlanShape&, int requests = 1, const ExecuteOptions& = {}, int gpus = 1);
program::Program gpu_program(const tests::PlanShape&, const Workload&, int gpus = 1);
Outcome run_on_gpu(const program::Program&, const Workload&, const ExecuteOptions& = {});

// HunyuanVideo at full width with two double-stream and two single-stream blocks, random weights in `dtype`, and one
// request of 480x352, 97 frames, 2 steps, 256 text tokens.
class FullWidth {
 public:
  enum class Weights { on_gpu, pinned };  // pinned: for plans that off-load
  explicit FullWidth(at::ScalarType dtype, Weights = Weights::on_gpu);
  // With its ranks on so many GPUs, each of which gets the weights when it is first used.
  Outcome run(const tests::PlanShape&, const kernels::cuda::KernelOptions&, int gpus = 1, std::uint64_t seed = 3);
  // How often the last run took memory from the device from its first step to its last.
  std::int64_t allocations() const { return allocations_; }
  // The most that LibTorch held on the GPU when a task of a step of the last run was enqueued.
  Bytes held() const { return Bytes{held_}; }
  const WeightStore& weights() const { return weights_.front(); }

 private:
  void give_weights(Job&, int gpus);

  at::ScalarType dtype_;
  Weights place_;
  models::Model model_;
  Workload workload_;
  std::vector<WeightStore> weights_;  // by GPU; pinned: one for all
  RequestInput input_;
  CudaBackend backend_;
  std::int64_t allocations_ = 0, held_ = 0;
};

// Norm of the difference over that of what is expected; infinite where either holds a NaN.
double error_of(const at::Tensor& found, const at::Tensor& expected);

// The shared object of the package fa3-fwd, which PIPEDIT_FA3_LIBRARY names; empty: there is none.
std::string fa3_library();

}  // namespace pipedit::executor::test
