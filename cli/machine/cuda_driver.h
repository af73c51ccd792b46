#pragma once

#include <string>

#include "cli/machine/shared_library.h"

namespace pipedit::cli {

// The part of CUDA that comes with the driver, libcuda.so.1. Nothing here makes a context.
class CudaDriver {
 public:
  CudaDriver();
  int count() const { return count_; }  // 0 also where there is no driver
  int version() const;                  // 13000 for CUDA 13.0; 0 where there is none
  std::string bus(int device) const;    // "0000:1b:00.0"
  int multiprocessors(int device) const;
  bool can_access(int device, int other) const;

 private:
  SharedLibrary library_;
  int count_ = 0;
};

}  // namespace pipedit::cli
