#include "cli/module/run_device.h"
#include "core/error.h"

namespace pipedit::cli {

std::unique_ptr<RunDevice> make_cuda_device(const RunDeviceOptions&) {
  throw InputError("--device cuda: this build has no CUDA; configure it with -D PIPEDIT_WITH_CUDA=ON");
}

}  // namespace pipedit::cli
