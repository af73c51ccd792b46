#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/units.h"

namespace pipedit::cli {

// A GPU as its driver describes it. What the driver does not tell is zero.
struct Gpu {
  std::string name;  // "NVIDIA H100 80GB HBM3"
  Bytes memory, free;
  int multiprocessors = 0;
  int major = 0, minor = 0;                 // compute capability
  int pcie_generation = 0, pcie_width = 0;  // now: both may be lower while it is idle
  int most_pcie_generation = 0, most_pcie_width = 0;
  int clock_mhz = 0, most_clock_mhz = 0;          // of the multiprocessors
  int memory_clock_mhz = 0, memory_bus_bits = 0;  // most
  double watts = 0;
  std::int64_t uncorrected_errors = 0;  // of memory, since the driver was loaded
  std::uint64_t throttle_reasons = 0;   // NVML's bits
  bool persistent = true;
  bool mig = false;
  int nvlinks_to_switch = 0;
  friend bool operator==(const Gpu&, const Gpu&) = default;
};

// What two GPUs share on the way from one to the other without NVLink, nearest first.
enum class Ancestor { board, pcie_switch, socket, machine };

struct GpuPair {
  int a = 0, b = 0;  // a < b
  bool peer_access = false;
  int nvlinks = 0;  // directly from one to the other
  Ancestor ancestor = Ancestor::machine;
  friend bool operator==(const GpuPair&, const GpuPair&) = default;
};

// The GPUs that this process may use, numbered as CUDA does.
struct Gpus {
  std::string missing;  // why there is none
  std::string driver;   // "580.159.04"
  int cuda = 0;         // newest that the driver knows: 13000
  std::vector<Gpu> gpus;
  std::vector<GpuPair> pairs;  // each once
  int hidden = 0;              // others in this machine
  friend bool operator==(const Gpus&, const Gpus&) = default;

  const GpuPair& pair(int a, int b) const;  // in any order
};

// Asks the driver's libraries where they are there; needs neither CUDA's toolkit nor LibTorch, and makes no context.
Gpus gpus_here();

// What asks the driver how much of each GPU's memory is held, by this process or another. The driver's library stays
// open as long as it lives.
std::function<std::vector<Bytes>()> held_on_gpus();

}  // namespace pipedit::cli
