#pragma once

#include <mutex>
#include <set>

#include "executor/ops/op.h"

namespace pipedit::profiler {

// Gives what an operation reads ordinary numbers, the first time that it is seen: kernels may be faster on zeros than
// on real data.
class Filler {
 public:
  void fill_once(const executor::OpContext&);

 private:
  std::mutex mutex_;
  std::set<const std::byte*> filled_;
};

}  // namespace pipedit::profiler
