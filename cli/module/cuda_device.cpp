#include <cstdlib>
#include <optional>

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <cuda_runtime_api.h>
#include <fmt/format.h>

#include "cli/machine/gpus.h"
#include "cli/machine/memory_watch.h"
#include "cli/module/fa3_library.h"
#include "cli/module/run_device.h"
#include "cli/module/weights_progress.h"
#include "cli/quantities.h"
#include "core/error.h"
#include "executor/backends/cuda/check.h"
#include "executor/backends/cuda/cuda_backend.h"
#include "executor/backends/cuda/pinned_weights.h"
#include "executor/kernels/cuda/kernel_set.h"
#include "executor/transport/nccl.h"
#include "executor/weights/load.h"
#include "executor/weights/needs.h"
#include "executor/weights/random.h"
#include "models/registry.h"
#include "program/nccl_memory.h"
#include "program/verify/verify.h"

namespace pipedit::cli {

namespace {

using executor::OnDevice;

// Before CUDA starts. More hardware queues than the default 8, since every rank has five streams. NVLink multicast
// gains nothing here, and is known to hang on some hosts.
void set_defaults() {
  constexpr int kOnlyWhereUnset = 0;
  setenv("CUDA_DEVICE_MAX_CONNECTIONS", "32", kOnlyWhereUnset);
  setenv("NCCL_NVLS_ENABLE", "0", kOnlyWhereUnset);
  setenv("TORCH_SYMM_MEM_DISABLE_MULTICAST", "1", kOnlyWhereUnset);
}

struct Memory {
  Bytes free, total;
};

Memory memory_of(int device) {
  const OnDevice here(device);
  std::size_t free = 0, total = 0;
  executor::check(cudaMemGetInfo(&free, &total));
  return {Bytes{static_cast<std::int64_t>(free)}, Bytes{static_cast<std::int64_t>(total)}};
}

// What LibTorch holds of the device: weights and temporaries.
c10::CachingAllocator::Stat held_by_torch(int device) {
  constexpr auto kAll = static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  return c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(device)).reserved_bytes[kAll];
}

// Sizes that are known beforehand.
Bytes buffers_on(const program::Program& program, DeviceId device) {
  Bytes sum;
  for (int rank = 0; rank < program.ranks(); ++rank)
    if (program.devices[static_cast<std::size_t>(rank)] == device)
      sum += program.memory[static_cast<std::size_t>(rank)].arena + program::nccl_staging(program, Rank{rank});
  return sum;
}

class CudaDevice : public RunDevice {
 public:
  explicit CudaDevice(const RunDeviceOptions& options) : options_(options) {
    if (options.watches_memory) watch_.emplace(held_on_gpus());
  }

  executor::Backend& backend() override { return backend_; }
  executor::Encoding encoding() const override { return executor::Encoding::beside; }

  int count() const override { return executor::gpu_count(); }

  std::vector<Transport> transports_between() const override {
    if (count() < 2) return {};
    std::vector<Transport> transports = {Transport::staged};
    if (executor::reaches(0, 1) && executor::reaches(1, 0)) transports.push_back(Transport::peer);
    if (executor::is_built_with_nccl()) transports.push_back(Transport::nccl);
    return transports;
  }

  std::vector<std::string> attention_kernels(const models::Model& model) const override {
    if (model.dtype != models::Dtype::bf16) return {};
    if (find_fa3_library(options_.fa3_library).empty()) return {"cudnn", "fa2"};
    return {"fa3", "cudnn", "fa2"};
  }

  void use_attention(executor::Job& job, const std::string& kernel) const override {
    job.kernels = executor::kernels::cuda::kernel_set(
        scalar_type(*job.model), {.attention = kernel, .fa3_library = find_fa3_library(options_.fa3_library)});
  }

  void check_room(const program::Program& program) const override {
    for (const DeviceId device : executor::devices_at_work(program)) {
      const int number = static_cast<int>(device);
      if (number >= executor::gpu_count())
        throw InputError(
            fmt::format("the plan uses GPU {}, and this machine has {} of them", number, executor::gpu_count()));
      const Bytes needed = device_peak(program, device), free = memory_of(number).free;
      if (needed > free)
        throw NoFeasiblePlan(fmt::format("{} {}, GPU {} has {} free", program::who_needs(program, device),
                                         to_text(needed), number, to_text(free)));
    }
  }

  void equip(executor::Job& job, const executor::RunOrigin& origin, const program::Program& program) override {
    const at::ScalarType type = scalar_type(*job.model);
    stores_.assign(program.devices.size(), {});
    job.device_weights.assign(program.devices.size(), nullptr);
    const auto all = models::weights_of(*job.model);
    const std::vector<DeviceId> devices = executor::devices_at_work(program);
    executor::WeightStore stored;
    if (origin.weights) {
      WeightsProgress progress(size_of(all, type), options_.stop);
      stored = executor::load_weights(*origin.weights, all, type, progress.each());
    }
    Bytes to_come;
    for (const DeviceId device : devices) to_come += size_of(executor::weights_on(program, device, all), type);
    WeightsProgress progress(to_come, options_.stop);
    for (const DeviceId device : devices) {
      const auto options = at::TensorOptions(type).device(at::kCUDA, static_cast<at::DeviceIndex>(device));
      const auto specifications = executor::weights_on(program, device, all);
      stores_[index(device)] =
          origin.weights ? part_of(stored, specifications, options, progress.each())
                         : executor::random_weights(specifications, origin.random_weights.value_or(0), options,
                                                    executor::kernels::cuda::fill_normal, progress.each());
      job.device_weights[index(device)] = &stores_[index(device)];
      const OnDevice here(static_cast<int>(device));
      executor::check(cudaDeviceSynchronize());  // the lanes' streams know nothing of the one that wrote them
    }
    if (!program.weight_sets.empty()) hold_on_host(job, origin);
    job.weights = job.device_weights[index(devices.front())];
    use_attention(job, options_.attention);
  }

  void hold_on_host(executor::Job& job, const executor::RunOrigin& origin) override {
    constexpr int kDrawnOn = 0;
    const auto all = models::weights_of(*job.model);
    const at::ScalarType type = scalar_type(*job.model);
    WeightsProgress progress(size_of(all, type), options_.stop);
    host_ = origin.weights ? executor::pinned_weights(*origin.weights, all, type, progress.each())
                           : executor::pinned_random_weights(all, origin.random_weights.value_or(0), type, kDrawnOn,
                                                             progress.each());
    job.host_weights = &host_;
  }

  // Memory that nobody has told us of is the context's, and what libraries take for themselves.
  std::vector<MemoryUse> memory(const program::Program& program, const Cluster& cluster) const override {
    std::vector<MemoryUse> uses;
    for (const DeviceId device : executor::devices_at_work(program)) {
      const int number = static_cast<int>(device);
      const Memory now = memory_of(number);
      const auto torch = held_by_torch(number);
      const Bytes buffers = buffers_on(program, device), tensors{torch.peak};
      const Bytes context = now.total - now.free - Bytes{torch.current};
      uses.push_back({.device = fmt::format("GPU {}", number),
                      .predicted = device_peak(program, device) + cluster.devices[index(device)].reserved,
                      .measured = buffers + tensors + context,
                      .by_driver = watch_ ? watch_->most(number) : Bytes{},
                      .parts = {{"buffers", buffers}, {"weights and temporaries", tensors}, {"context", context}}});
    }
    return uses;
  }

 private:
  RunDeviceOptions options_;
  std::optional<MemoryWatch> watch_;  // made before anything takes memory
  executor::CudaBackend backend_;
  std::vector<executor::WeightStore> stores_;  // by device
  executor::WeightStore host_;
};

}  // namespace

std::unique_ptr<RunDevice> make_cuda_device(const RunDeviceOptions& options) {
  set_defaults();
  if (executor::gpu_count() == 0)
    throw InputError("this machine has no GPU that CUDA can use (pipedit devices says more)");
  return std::make_unique<CudaDevice>(options);
}

}  // namespace pipedit::cli
