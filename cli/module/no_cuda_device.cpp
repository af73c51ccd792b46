#include "cli/module/run_device.h"
#include "core/error.h"

namespace pipedit::cli {

std::unique_ptr<RunDevice> make_cuda_device(const RunDeviceOptions&) {
  throw InputError("this build has no CUDA, which plans for GPUs need: make gpu");
}

}  // namespace pipedit::cli
