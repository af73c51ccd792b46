#pragma once

#include <atomic>
#include <vector>

#include "cli/progress.h"
#include "core/units.h"
#include "executor/weights/weight_store.h"
#include "models/weight_spec.h"

namespace pipedit::cli {

// How much of so many bytes of weights is in place.
class WeightsProgress {
 public:
  WeightsProgress(Bytes total, const std::atomic<bool>* stop) : total_(total), stop_(stop) {}

  // What is to be told of each. Throws Error where the run is to stop. This outlives it.
  executor::EachWeight each() {
    return [this](const at::Tensor& weight) { add(weight); };
  }

 private:
  void add(const at::Tensor& weight);

  Bytes done_, total_;
  const std::atomic<bool>* stop_;
  Progress progress_{"MB of weights in place"};
};

// What weights take.
Bytes size_of(const std::vector<models::WeightSpec>&, at::ScalarType);

}  // namespace pipedit::cli
