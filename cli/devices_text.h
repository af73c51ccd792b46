#pragma once

#include <string>
#include <vector>

#include "cli/machine/machine.h"

namespace pipedit::cli {

// "NVLink x4", "NVLink through a switch", "PCIe, one switch", ...
std::string way_between(const Gpus&, const GpuPair&);

std::string text_of(const Machine&, const std::vector<std::string>& warnings);

}  // namespace pipedit::cli
