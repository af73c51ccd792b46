#pragma once

#include <source_location>

#include <cuda_runtime_api.h>

namespace pipedit::executor {

// Throws Error naming the failure and the call's place.
void check(cudaError_t, std::source_location = std::source_location::current());

// Makes a device the calling thread's, and gives the thread its former one back.
class OnDevice {
 public:
  explicit OnDevice(int device);
  ~OnDevice() { cudaSetDevice(before_); }
  OnDevice(const OnDevice&) = delete;
  OnDevice& operator=(const OnDevice&) = delete;

 private:
  int before_ = 0;
};

}  // namespace pipedit::executor
