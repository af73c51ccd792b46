#include "tests/executor/gpu/gpu_run.h"

#include <atomic>
#include <cstdlib>

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>

#include "executor/warm_up.h"
#include "executor/weights/random.h"
#include "models/registry.h"
#include "program/lower/lower.h"

namespace pipedit::executor::test {

namespace {

const at::Device kGpu(at::kCUDA, 0);

Outcome outcome_of(const program::Program& program, Backend& backend, Job job, const ExecuteOptions& options) {
  MemorySink sink;
  job.sink = &sink;
  Outcome outcome;
  outcome.timeline = execute(program, backend, job, options);
  for (const auto& [request, latents] : sink.latents) outcome.latents.push_back(latents);
  for (const auto& [request, parts] : sink.videos) outcome.videos.push_back(at::cat(parts, 0));
  return outcome;
}

const WeightStore& tiny_weights_on_gpu() {
  static const WeightStore weights = tiny_weights().to(at::TensorOptions(at::kFloat).device(kGpu));
  return weights;
}

models::Model four_blocks(at::ScalarType dtype) {
  models::Model model = tests::model("hunyuanvideo");
  model.dtype = dtype == at::kFloat ? models::Dtype::fp32 : models::Dtype::bf16;
  model.dit.num_double_blocks = model.dit.num_single_blocks = 2;
  return model;
}

at::Tensor drawn(std::vector<std::int64_t> shape, const char* name) {
  at::Tensor values = at::empty(shape, at::kFloat);
  fill_normal(values, 5, name, 0, 1);
  return values;
}

std::int64_t device_allocations() { return c10::cuda::CUDACachingAllocator::getDeviceStats(0).num_device_alloc; }

}  // namespace

Cluster one_gpu(int ranks) {
  Cluster cluster = tests::cluster(1);
  cluster.ranks_per_device = ranks;
  return cluster;
}

Outcome run_on_gpu(const tests::PlanShape& shape, int requests, const ExecuteOptions& options) {
  const Workload workload = tiny_workload(requests);
  const auto program =
      program::lower(tiny_model(), one_gpu(shape.denoise + shape.decode), workload, tests::plan(shape));
  MemorySink unused;
  Job job = tiny_job(workload, unused);
  job.weights = &tiny_weights_on_gpu();
  job.kernels = kernels::cuda::kernel_set(at::kFloat);
  CudaBackend backend({.poison = true});
  return outcome_of(program, backend, std::move(job), options);
}

FullWidth::FullWidth(at::ScalarType dtype)
    : dtype_(dtype),
      model_(four_blocks(dtype)),
      workload_(uniform_workload({.width = 480, .height = 352, .frames = 97, .steps = 2, .text_tokens = 256}, 1)),
      weights_(random_weights(models::weights_of(model_), 1, at::TensorOptions(dtype).device(kGpu),
                              kernels::cuda::fill_normal)),
      input_{.text_states = drawn({256, model_.dit.text_dim}, "text"),
             .pooled = drawn({model_.dit.pooled_dim}, "pooled"),
             .noise = {},
             .latents = {},
             .number = 0} {
  c10::cuda::device_synchronize();  // the lanes' streams know nothing of the one that drew the weights
}

Outcome FullWidth::run(const tests::PlanShape& shape, const kernels::cuda::KernelOptions& kernels) {
  const auto program = program::lower(model_, one_gpu(shape.denoise + shape.decode), workload_, tests::plan(shape));
  Job job{.model = &model_,
          .workload = &workload_,
          .weights = &weights_,
          .kernels = kernels::cuda::kernel_set(dtype_, kernels),
          .inputs = {input_},
          .seed = 3,
          .sink = nullptr};
  warm_up(program, backend_, job);
  std::atomic<std::int64_t> before = -1, after = -1;
  ExecuteOptions options;
  options.before_task = [&](const TaskInstanceRef& ref) {
    const bool last_step = ref.call.bindings.step == 1;
    if (last_step && before < 0) before = device_allocations();
    if (!last_step && before >= 0 && after < 0) after = device_allocations();
  };
  Outcome outcome = outcome_of(program, backend_, std::move(job), options);
  allocations_ = after - before;
  return outcome;
}

std::string fa3_library() {
  const char* given = std::getenv("PIPEDIT_FA3_LIBRARY");
  return given != nullptr ? given : "";
}

}  // namespace pipedit::executor::test
