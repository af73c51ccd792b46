#include "tests/executor/gpu/gpu_run.h"

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <map>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>

#include "executor/backends/cuda/pinned_weights.h"
#include "executor/warm_up.h"
#include "executor/weights/random.h"
#include "models/registry.h"
#include "program/lower/lower.h"
#include "tests/executor/fixture.h"

namespace pipedit::executor::test {

namespace {

at::Device gpu(int number) { return {at::kCUDA, static_cast<at::DeviceIndex>(number)}; }

Outcome outcome_of(const program::Program& program, Backend& backend, Job job, const ExecuteOptions& options) {
  MemorySink sink;
  job.sink = &sink;
  Outcome outcome;
  outcome.timeline = execute(program, backend, job, options);
  for (const auto& [request, latents] : sink.latents) outcome.latents.push_back(latents);
  for (const auto& [request, parts] : sink.videos) outcome.videos.push_back(at::cat(parts, 0));
  return outcome;
}

const WeightStore& tiny_weights_on(int device) {
  static std::map<int, WeightStore> weights;
  const auto [found, is_new] = weights.try_emplace(device);
  if (is_new) found->second = tiny_weights().to(at::TensorOptions(at::kFloat).device(gpu(device)));
  return found->second;
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

WeightStore drawn_weights(const models::Model& model, at::ScalarType dtype, int device) {
  const auto options = at::TensorOptions(dtype).device(gpu(device));
  WeightStore weights = random_weights(models::weights_of(model), 1, options, kernels::cuda::fill_normal);
  const c10::cuda::CUDAGuard here(gpu(device));
  c10::cuda::device_synchronize();  // the lanes' streams know nothing of the one that drew the weights
  return weights;
}

std::int64_t held_bytes() {
  using c10::CachingAllocator::StatType;
  return c10::cuda::CUDACachingAllocator::getDeviceStats(0)
      .allocated_bytes[static_cast<std::size_t>(StatType::AGGREGATE)]
      .current;
}

std::int64_t device_allocations() { return c10::cuda::CUDACachingAllocator::getDeviceStats(0).num_device_alloc; }

}  // namespace

Cluster some_gpus(int ranks, int gpus) {
  Cluster cluster = tests::cluster(gpus);
  cluster.ranks_per_device = (ranks + gpus - 1) / gpus;
  return cluster;
}

program::Program gpu_program(const tests::PlanShape& shape, const Workload& workload, int gpus) {
  return program::lower(tiny_model(), some_gpus(shape.ranks(), gpus), workload, tests::plan(shape));
}

Outcome run_on_gpu(const tests::PlanShape& shape, int requests, const ExecuteOptions& options, int gpus) {
  const Workload workload = tiny_workload(requests);
  return run_on_gpu(gpu_program(shape, workload, gpus), workload, options);
}

Outcome run_on_gpu(const program::Program& program, const Workload& workload, const ExecuteOptions& options) {
  MemorySink unused;
  Job job = tiny_job(workload, unused);
  job.weights = nullptr;
  job.device_weights.assign(program.devices.size(), nullptr);
  if (program.weight_sets.empty())
    for (const DeviceId device : program.devices)
      job.device_weights[index(device)] = &tiny_weights_on(static_cast<int>(device));
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
      input_{.text_states = drawn({256, model_.dit.text_dim}, "text"),
             .pooled = drawn({model_.dit.pooled_dim}, "pooled"),
             .noise = {},
             .latents = {},
             .number = 0},
      backend_({.poison = true}) {
  if (place == Weights::pinned) weights_.push_back(pinned_random_weights(models::weights_of(model_), 1, dtype, 0));
}

void FullWidth::give_weights(Job& job, int gpus) {
  if (place_ == Weights::pinned) {
    job.host_weights = &weights_.front();
    return;
  }
  while (weights_.size() < static_cast<std::size_t>(gpus))
    weights_.push_back(drawn_weights(model_, dtype_, static_cast<int>(weights_.size())));
  for (const WeightStore& weights : weights_) job.device_weights.push_back(&weights);
}

Outcome FullWidth::run(const tests::PlanShape& shape, const kernels::cuda::KernelOptions& kernels, int gpus,
                       std::uint64_t seed) {
  const Cluster cluster = some_gpus(shape.ranks(), gpus);
  const auto program = program::lower(model_, cluster, workload_, tests::plan(shape));
  Job job{.model = &model_,
          .workload = &workload_,
          .kernels = kernels::cuda::kernel_set(dtype_, kernels),
          .inputs = {input_},
          .seed = seed,
          .sink = nullptr};
  give_weights(job, gpus);
  warm_up(program, backend_, job);
  std::atomic<std::int64_t> before = -1, after = -1;
  std::atomic<std::int64_t> held = 0;
  ExecuteOptions options;
  options.before_task = [&](const TaskInstanceRef& ref) {
    if (ref.call.bindings.step < 0) return;
    const std::int64_t now = held_bytes();
    for (std::int64_t most = held; now > most && !held.compare_exchange_weak(most, now);) continue;
    std::int64_t none = -1;
    before.compare_exchange_strong(none, device_allocations());
    after = device_allocations();
  };
  Outcome outcome = outcome_of(program, backend_, std::move(job), options);
  allocations_ = after - before;
  held_ = held;
  return outcome;
}

double error_of(const at::Tensor& found, const at::Tensor& expected) {
  const double error = ((found - expected).norm() / expected.norm()).item<double>();
  return std::isnan(error) ? INFINITY : error;
}

std::string fa3_library() {
  const char* given = std::getenv("PIPEDIT_FA3_LIBRARY");
  return given != nullptr ? given : "";
}

}  // namespace pipedit::executor::test
