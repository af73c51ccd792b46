#include "cli/machine/gpus.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "cli/machine/cuda_driver.h"
#include "cli/machine/nvml.h"

namespace pipedit::cli {

const GpuPair& Gpus::pair(int a, int b) const {
  const auto found = std::find_if(pairs.begin(), pairs.end(),
                                  [&](const GpuPair& p) { return p.a == std::min(a, b) && p.b == std::max(a, b); });
  if (found == pairs.end()) throw std::out_of_range("no such pair of GPUs");
  return *found;
}

namespace {

// NVML counts all GPUs, CUDA those that this process may use; the bus tells which is which.
std::vector<int> numbers_in(const Nvml& nvml, const CudaDriver& cuda) {
  std::vector<int> numbers;
  for (int device = 0; device < cuda.count(); ++device)
    if (const auto number = nvml.find(cuda.bus(device))) numbers.push_back(*number);
  return numbers;
}

}  // namespace

Gpus gpus_here() {
  const Nvml nvml;
  const CudaDriver cuda;
  Gpus here;
  here.driver = nvml.driver();
  here.cuda = cuda.version();
  if (!nvml.works()) here.missing = "no NVIDIA driver answers (libnvidia-ml.so.1)";
  const std::vector<int> numbers = numbers_in(nvml, cuda);
  here.hidden = nvml.count() - static_cast<int>(numbers.size());
  if (here.missing.empty() && numbers.empty())
    here.missing =
        here.hidden > 0 ? "CUDA lets this process use none (CUDA_VISIBLE_DEVICES?)" : "the driver knows none";
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    here.gpus.push_back(nvml.gpu(numbers[i]));
    here.gpus.back().multiprocessors = cuda.multiprocessors(static_cast<int>(i));
    for (std::size_t j = 0; j < i; ++j) {
      GpuPair pair = nvml.pair(numbers[j], numbers[i]);
      pair.a = static_cast<int>(j), pair.b = static_cast<int>(i);
      pair.peer_access = cuda.can_access(pair.a, pair.b) && cuda.can_access(pair.b, pair.a);
      here.pairs.push_back(pair);
    }
  }
  return here;
}

std::function<std::vector<Bytes>()> held_on_gpus() {
  const auto nvml = std::make_shared<const Nvml>();
  return [nvml, numbers = numbers_in(*nvml, CudaDriver())] {
    std::vector<Bytes> held;
    for (const int number : numbers) held.push_back(nvml->memory_held(number));
    return held;
  };
}

}  // namespace pipedit::cli
