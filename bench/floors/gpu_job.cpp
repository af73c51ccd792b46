#include "bench/floors/gpu_job.h"

#include <mutex>
#include <set>
#include <tuple>

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>

#include "executor/execute.h"
#include "executor/inputs/embeddings.h"
#include "executor/weights/random.h"
#include "models/registry.h"
#include "program/lower/lower.h"
#include "program/op_cost.h"

namespace pipedit::bench {

namespace {

using c10::cuda::CUDACachingAllocator::getDeviceStats;

constexpr std::int64_t kMemory = 80'000'000'000;  // a plan does not depend on it
constexpr std::uint64_t kSeed = 1;

Cluster one_gpu() {
  Cluster cluster;
  cluster.name = "one GPU";
  cluster.devices = {{.name = "gpu", .kind = DeviceKind::gpu, .memory = Bytes{kMemory}, .reserved = {}, .rates = {}}};
  cluster.transport = Transport::peer;
  return cluster;
}

Plan single() {
  Pipeline pipeline;
  pipeline.denoise = pipeline.decode = {Rank{0}};
  return {.name = "single", .pipelines = {pipeline}, .transport = Transport::peer};
}

// Does the first task of each kind and size.
class EachSizeOnce {
 public:
  explicit EachSizeOnce(const program::Program& program) : program_(program) {}

  void operator()(const executor::OpContext& context) {
    const program::Task& task = context.task;
    auto key = std::tuple(task.kind, task.reads.size(), op_cost(program_, task).dims);
    const std::lock_guard lock(mutex_);  // lanes that hand out results have threads of their own
    if (done_.insert(std::move(key)).second) run_operation(context);
  }

 private:
  const program::Program& program_;
  std::mutex mutex_;
  std::set<std::tuple<program::OpKind, std::size_t, std::vector<std::int64_t>>> done_;
};

std::int64_t most_allocated() { return getDeviceStats(0).allocated_bytes[0].peak; }
std::int64_t allocated() { return getDeviceStats(0).allocated_bytes[0].current; }

}  // namespace

GpuJob::GpuJob(const models::Model& model, const executor::kernels::cuda::KernelOptions& options)
    : model_(model),
      kernels_(executor::kernels::cuda::kernel_set(at::kBFloat16, options)),
      weights_(executor::random_weights(models::weights_of(model), kSeed,
                                        at::TensorOptions(at::kBFloat16).device(at::kCUDA, 0),
                                        executor::kernels::cuda::fill_normal)) {
  c10::cuda::device_synchronize();  // the lanes' streams know nothing of the one that drew the weights
}

Run GpuJob::run(const RequestShape& shape) {
  const Workload workload = uniform_workload(shape, 1);
  Run run{.program = program::lower(model_, one_gpu(), workload, single()), .timeline = {}, .temporaries = {}};
  executor::NoResults sink;
  const executor::Job job{.model = &model_,
                          .workload = &workload,
                          .weights = &weights_,
                          .kernels = kernels_,
                          .inputs = executor::random_embeddings(kSeed, model_, workload, {RequestId{0}}),
                          .seed = kSeed,
                          .sink = &sink};
  EachSizeOnce once(run.program);
  executor::ExecuteOptions options;
  options.operation = std::ref(once);
  executor::execute(run.program, backend_, job, options);
  c10::cuda::CUDACachingAllocator::resetPeakStats(0);
  const std::int64_t before = allocated();
  run.timeline = executor::execute(run.program, backend_, job);
  run.temporaries = Bytes{most_allocated() - before};
  c10::cuda::CUDACachingAllocator::emptyCache();  // the next shape has temporaries of other sizes
  return run;
}

}  // namespace pipedit::bench
