#include <sys/resource.h>

#include <optional>

#include "cli/module/run_device.h"
#include "cli/module/weights_progress.h"
#include "executor/backends/cpu/cpu_backend.h"
#include "executor/weights/load.h"
#include "executor/weights/packed.h"
#include "executor/weights/random.h"
#include "models/registry.h"

namespace pipedit::cli {

namespace {

// The most that this process has held so far.
Bytes held_at_most() {
  rusage usage{};
  return getrusage(RUSAGE_SELF, &usage) == 0 ? Bytes{usage.ru_maxrss * 1024} : Bytes{};
}

class CpuDevice : public RunDevice {
 public:
  explicit CpuDevice(const RunDeviceOptions& options) : stop_(options.stop), backend_({.slots = options.slots}) {}

  executor::Backend& backend() override { return backend_; }
  void check_room(const program::Program&) const override {}
  void hold_on_host(executor::Job&, const executor::RunOrigin&) override {}  // its one copy serves both
  executor::Encoding encoding() const override { return executor::Encoding::at_end; }
  int count() const override { return 1; }
  std::vector<Transport> transports_between() const override { return {}; }
  std::vector<std::string> attention_kernels(const models::Model&) const override { return {}; }
  void use_attention(executor::Job&, const std::string&) const override {}

  void equip(executor::Job& job, const executor::RunOrigin& origin, const program::Program&) override {
    const auto specifications = models::weights_of(*job.model);
    const at::ScalarType dtype = scalar_type(*job.model);
    WeightsProgress progress(size_of(specifications, dtype), stop_);
    weights_ = origin.weights ? stored_weights(*origin.weights, specifications, dtype, progress.each())
                              : executor::random_weights(specifications, origin.random_weights.value_or(0), dtype,
                                                         executor::fill_normal, progress.each());
    job.weights = &weights_;
  }

  // What the process holds beyond what it held before, LibTorch's code above all.
  std::vector<MemoryUse> memory(const program::Program& program, const Cluster&) const override {
    return {{.device = "CPU",
             .predicted = program::device_peak(program, DeviceId{0}),
             .measured = held_at_most() - before_,
             .parts = {{"process before the run", before_}}}};
  }

 private:
  // Copied, so that a plan which off-loads them and one which does not compute the same bits (load.h).
  static executor::WeightStore stored_weights(const std::filesystem::path& path,
                                              const std::vector<models::WeightSpec>& specifications,
                                              at::ScalarType dtype, const executor::EachWeight& each) {
    executor::WeightStore store = executor::packed_weights(specifications, dtype);
    executor::load_weights_into(store, path, specifications, each);
    return store;
  }

  Bytes before_ = held_at_most();
  const std::atomic<bool>* stop_;
  executor::CpuBackend backend_;
  executor::WeightStore weights_;
};

}  // namespace

std::unique_ptr<RunDevice> make_cpu_device(const RunDeviceOptions& options) {
  return std::make_unique<CpuDevice>(options);
}

}  // namespace pipedit::cli
