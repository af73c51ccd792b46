#include "tests/executor/gpu/gpu_run.h"

#include <atomic>
#include <cstdlib>

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>

#include "executor/backends/cuda/pinned_weights.h"
#include "executor/warm_up.h"
#include "executor/weights/random.h"
#include "models/registry.h"
#include "program/lower/lower.h"
#include "tests/executor/fixture.h"

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

const WeightStore& tiny_weights_pinned() {
  static const WeightStore weights = pinned_weights(fixture_folder(), models::weights_of(tiny_model()), at::kFloat);
  return weights;
}

WeightStore drawn_weights(const models::Model& model, at::ScalarType dtype, FullWidth::Weights place) {
  const auto specs = models::weights_of(model);
  if (place == FullWidth::Weights::pinned) return pinned_random_weights(specs, 1, dtype, 0);
  return random_weights(specs, 1, at::TensorOptions(dtype).device(kGpu), kernels::cuda::fill_normal);
}

std::int64_t held_bytes() {
  using c10::CachingAllocator::StatType;
  return c10::cuda::CUDACachingAllocator::getDeviceStats(0)
      .allocated_bytes[static_cast<std::size_t>(StatType::AGGREGATE)]
      .current;
}

std::int64_t device_allocations() { return c10::cuda::CUDACachingAllocator::getDeviceStats(0).num_device_alloc; }

}  // namespace

Cluster one_gpu(int ranks) {
  Cluster cluster = tests::cluster(1);
  cluster.ranks_per_device = ranks;
  return cluster;
}

program::Program gpu_program(const tests::PlanShape& shape, const Workload& workload) {
  return program::lower(tiny_model(), one_gpu(shape.denoise + shape.decode), workload, tests::plan(shape));
}

Outcome run_on_gpu(const tests::PlanShape& shape, int requests, const ExecuteOptions& options) {
  const Workload workload = tiny_workload(requests);
  return run_on_gpu(gpu_program(shape, workload), workload, options);
}

Outcome run_on_gpu(const program::Program& program, const Workload& workload, const ExecuteOptions& options) {
  MemorySink unused;
  Job job = tiny_job(workload, unused);
  job.weights = program.weight_sets.empty() ? &tiny_weights_on_gpu() : nullptr;
  job.host_weights = program.weight_sets.empty() ? nullptr : &tiny_weights_pinned();
  job.kernels = kernels::cuda::kernel_set(at::kFloat);
  CudaBackend backend({.poison = true});
  return outcome_of(program, backend, std::move(job), options);
}

FullWidth::FullWidth(at::ScalarType dtype, Weights place)
    : dtype_(dtype),
      place_(place),
      model_(four_blocks(dtype)),
      workload_(uniform_workload({.width = 480, .height = 352, .frames = 97, .steps = 2, .text_tokens = 256}, 1)),
      weights_(drawn_weights(model_, dtype, place)),
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
          .weights = place_ == Weights::on_gpu ? &weights_ : nullptr,
          .host_weights = place_ == Weights::pinned ? &weights_ : nullptr,
          .kernels = kernels::cuda::kernel_set(dtype_, kernels),
          .inputs = {input_},
          .seed = 3,
          .sink = nullptr};
  warm_up(program, backend_, job);
  std::atomic<std::int64_t> before = -1, after = -1;
  std::atomic<std::int64_t> held = 0;
  ExecuteOptions options;
  options.before_task = [&](const TaskInstanceRef& ref) {
    const std::int64_t now = ref.call.bindings.step >= 0 ? held_bytes() : 0;
    for (std::int64_t most = held; now > most && !held.compare_exchange_weak(most, now);) continue;
    const bool last_step = ref.call.bindings.step == 1;
    if (last_step && before < 0) before = device_allocations();
    if (!last_step && before >= 0 && after < 0) after = device_allocations();
  };
  Outcome outcome = outcome_of(program, backend_, std::move(job), options);
  allocations_ = after - before;
  held_ = held;
  return outcome;
}

std::string fa3_library() {
  const char* given = std::getenv("PIPEDIT_FA3_LIBRARY");
  return given != nullptr ? given : "";
}

}  // namespace pipedit::executor::test
