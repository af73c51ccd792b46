#pragma once

#include "cli/machine/gpus.h"
#include "core/cluster.h"

namespace pipedit::cli {

struct GpuModel {
  DeviceRates rates;
  std::string name;        // "H100"; the driver's own where the model is not known
  bool estimated = false;  // not in the table: rates from its clocks, multiprocessors and memory bus
};

// Peaks of the data sheets (bf16, dense) by the driver's name, and the shares of them that long operations reach.
GpuModel model_of(const Gpu&);

// Of one NVLink, one way.
BytesPerSecond nvlink_rate(const Gpu&);

// Usable of its PCIe connection, one way, at the most that it can do.
BytesPerSecond pcie_rate(const Gpu&);

}  // namespace pipedit::cli
