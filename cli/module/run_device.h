#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/run_request.h"
#include "core/cluster.h"
#include "executor/backend.h"
#include "executor/job.h"
#include "executor/run_folder/run_origin.h"
#include "executor/video/mp4_writer.h"
#include "executor/weights/weight_store.h"

namespace pipedit::cli {

struct RunDeviceOptions {
  int slots = 1;                            // of a CPU
  std::string attention = "auto";           // as a plan names it
  std::filesystem::path fa3_library = {};   // empty: beside LibTorch, if it is there
  const std::atomic<bool>* stop = nullptr;  // set: what is being loaded is not waited for
  bool watches_memory = false;              // asks the driver for it, for memory()
};

// What a run or a profile needs of the kind of device that it is for.
class RunDevice {
 public:
  virtual ~RunDevice() = default;
  virtual executor::Backend& backend() = 0;

  // To be asked before anything is loaded. Throws InputError where the machine has fewer devices than the program uses,
  // NoFeasiblePlan ("rank 0 needs 92.1 GiB, GPU 0 has 70.2 GiB free") where a device has less memory left than it
  // takes.
  virtual void check_room(const program::Program&) const = 0;

  // The job's weights, from a checkpoint or drawn from a seed, where the program's devices read them, and its kernels.
  // They live as long as this.
  virtual void equip(executor::Job&, const executor::RunOrigin&, const program::Program&) = 0;

  // The host's copy of weights that are off-loaded; equip() makes it where the program does so.
  virtual void hold_on_host(executor::Job&, const executor::RunOrigin&) = 0;

  // How many of its kind this machine has.
  virtual int count() const = 0;

  // How bytes get from the first device to the second; empty: there is none.
  virtual std::vector<Transport> transports_between() const = 0;

  // Kernels for attention that this device and the model's dtype leave a choice of, and the job's choice among them.
  virtual std::vector<std::string> attention_kernels(const models::Model&) const = 0;
  virtual void use_attention(executor::Job&, const std::string& kernel) const = 0;

  // How videos are encoded: beside the run where it leaves the host's cores free.
  virtual executor::Encoding encoding() const = 0;

  // What each device's memory held at most since this was made, beside what was predicted: what the program says and
  // what the cluster reserves.
  virtual std::vector<MemoryUse> memory(const program::Program&, const Cluster&) const = 0;
};

// Throws InputError where this build or this machine has no such device.
std::unique_ptr<RunDevice> make_cpu_device(const RunDeviceOptions&);
std::unique_ptr<RunDevice> make_cuda_device(const RunDeviceOptions&);

// "cpu" or "cuda".
std::unique_ptr<RunDevice> make_device(const std::string& name, const RunDeviceOptions&);

// The name of what plans for a cluster run on.
std::string device_for(const Cluster&);

at::ScalarType scalar_type(const models::Model&);

}  // namespace pipedit::cli
