#include "cli/machine/gpu_models.h"

#include <algorithm>
#include <string_view>

namespace pipedit::cli {

namespace {

// What long operations reach of the peaks; measured on an H200, elsewhere an estimate.
struct Efficiency {
  double gemm, attention, convolution, memory;
};
constexpr Efficiency kHopper{0.72, 0.70, 0.65, 0.85};
constexpr Efficiency kOlder{0.60, 0.43, 0.35, 0.85};  // FlashAttention-2, no tensor copy engine

struct Known {
  std::string_view part;  // of the driver's name; the first that occurs counts
  std::string_view name;
  double matrix, memory;  // operations and bytes a second
  Efficiency efficiency;
};

constexpr Known kKnown[] = {
    {"B200", "B200", 2250e12, 8.0e12, kHopper},
    {"GH200", "GH200", 989e12, 4.0e12, kHopper},
    {"H200", "H200", 989e12, 4.8e12, kHopper},
    {"H100 NVL", "H100 NVL", 835e12, 3.9e12, kHopper},
    {"H100 PCIe", "H100 PCIe", 756e12, 2.0e12, kHopper},
    {"H100", "H100", 989e12, 3.35e12, kHopper},
    {"H800", "H800", 989e12, 3.35e12, kHopper},
    {"A100-SXM4-80GB", "A100 80GB", 312e12, 2.039e12, kOlder},
    {"A100 80GB", "A100 80GB PCIe", 312e12, 1.935e12, kOlder},
    {"A100", "A100", 312e12, 1.555e12, kOlder},
    {"A800", "A800", 312e12, 2.039e12, kOlder},
    {"RTX 6000 Ada", "RTX 6000 Ada", 364e12, 960e9, kOlder},
    {"RTX A6000", "RTX A6000", 154.8e12, 768e9, kOlder},
    {"A40", "A40", 149.7e12, 696e9, kOlder},
    {"L40S", "L40S", 362e12, 864e9, kOlder},
    {"L40", "L40", 181.05e12, 864e9, kOlder},
    {"RTX 4090", "RTX 4090", 165.2e12, 1008e9, kOlder},
    {"RTX 3090", "RTX 3090", 71e12, 936e9, kOlder},
    {"A10", "A10", 125e12, 600e9, kOlder},
    {"L4", "L4", 121e12, 300e9, kOlder},
};

// Dense bf16 operations of a multiprocessor in one clock, by compute capability: those of the models above.
double operations_a_clock(const Gpu& gpu) {
  if (gpu.major >= 10) return gpu.major == 10 ? 8192 : 512;
  if (gpu.major == 9) return 4096;
  if (gpu.major == 8 && gpu.minor == 0) return 2048;
  return gpu.major == 8 ? 512 : 256;
}

GpuModel estimate(const Gpu& gpu) {
  GpuModel model{.rates = {}, .name = gpu.name, .estimated = true};
  model.rates.matrix = {std::max(1e12, gpu.multiprocessors * gpu.most_clock_mhz * 1e6 * operations_a_clock(gpu))};
  model.rates.memory = {std::max(50e9, 2.0 * gpu.memory_clock_mhz * 1e6 * gpu.memory_bus_bits / 8)};  // double rate
  return model;
}

void set_efficiency(DeviceRates& rates, const Efficiency& efficiency) {
  rates.gemm_efficiency = efficiency.gemm;
  rates.attention_efficiency = efficiency.attention;
  rates.convolution_efficiency = efficiency.convolution;
  rates.memory_efficiency = efficiency.memory;
}

}  // namespace

GpuModel model_of(const Gpu& gpu) {
  const auto known = std::find_if(std::begin(kKnown), std::end(kKnown),
                                  [&](const Known& k) { return gpu.name.find(k.part) != std::string::npos; });
  GpuModel model = estimate(gpu);
  if (known != std::end(kKnown)) {
    model = {.rates = {}, .name = std::string(known->name), .estimated = false};
    model.rates.matrix = {known->matrix}, model.rates.memory = {known->memory};
  }
  set_efficiency(model.rates, known != std::end(kKnown) ? known->efficiency : kOlder);
  model.rates.multiprocessors = std::max(1, gpu.multiprocessors);
  model.rates.launch = std::chrono::microseconds{5};  // as measured on an H100, rounded
  model.rates.task = std::chrono::microseconds{3};
  return model;
}

// By generation: P100; V100 to H200, but GA102, whose four links are slower; since Blackwell. NVML's version counts
// revisions between them too.
BytesPerSecond nvlink_rate(const Gpu& gpu) {
  if (gpu.major == 8 && gpu.minor > 0) return {14.0625e9};
  if (gpu.major >= 10) return {50e9};
  return {gpu.major == 6 ? 20e9 : 25e9};
}

// 8 GT/s a lane in generation 3, doubled since; 128b/130b coding, and about four fifths of that is payload.
BytesPerSecond pcie_rate(const Gpu& gpu) {
  constexpr double kUsable = 0.8;
  double lane = 8e9 / 8 * 128 / 130;
  for (int generation = 3; generation < gpu.most_pcie_generation; ++generation) lane *= 2;
  return {std::max(1e9, kUsable * lane * gpu.most_pcie_width)};
}

}  // namespace pipedit::cli
