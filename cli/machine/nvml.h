#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/machine/gpus.h"
#include "cli/machine/shared_library.h"

namespace pipedit::cli {

// NVIDIA's management library, which comes with the driver. Its few functions that matter here are declared where they
// are called, so that nothing of it has to be there when this is built.
class Nvml {
 public:
  Nvml();
  ~Nvml();
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  bool works() const { return works_; }
  std::string driver() const;
  int count() const { return static_cast<int>(handles_.size()); }

  // The GPU at a place on the bus, as CUDA writes it.
  std::optional<int> find(const std::string& bus) const;
  Gpu gpu(int number) const;                  // all but what CUDA alone knows
  GpuPair pair(int number, int other) const;  // likewise
  Bytes memory_held(int number) const;        // by all processes and the driver

 private:
  struct Links {
    int to_switch = 0;
    std::vector<std::string> to;  // places on the bus at the other end of each link
  };
  std::string bus(int number) const;
  Links links(int number) const;
  template <class Value, class... Arguments>
  Value ask(const char* function, int number, Arguments... arguments) const;

  SharedLibrary library_;
  bool works_ = false;
  std::vector<void*> handles_;
};

}  // namespace pipedit::cli
