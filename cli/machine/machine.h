#pragma once

#include <string>
#include <vector>

#include "cli/machine/gpus.h"
#include "core/units.h"

namespace pipedit::cli {

// What this machine has, as far as the kernel and the GPUs' driver tell.
struct Machine {
  std::string cpu;   // model name
  int cores = 0;     // that this process may use
  double quota = 0;  // of cores, by its control group; 0: none
  Bytes memory;      // that this process may use
  Gpus gpus;
  std::string kernel;
  friend bool operator==(const Machine&, const Machine&) = default;
};

Machine this_machine();

// Settings that make a run slower or its times unsteady, a sentence each.
std::vector<std::string> warnings_about(const Machine&);

}  // namespace pipedit::cli
