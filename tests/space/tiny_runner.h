#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "executor/weights/weight_store.h"
#include "tests/executor/run_plan.h"

namespace pipedit::executor::test {

// configs/models/hunyuanvideo-tiny.json.
const models::Model& shipped_tiny_model();

// Runs plans of the shipped tiny model on CPU threads: random weights and texts, drawn once. Memory starts as NaNs.
class TinyRunner {
 public:
  TinyRunner(int requests, int text_tokens);
  Outcome run(const Plan&, const Cluster&, const Workload&) const;

 private:
  WeightStore weights_;
  std::vector<at::Tensor> text_, pooled_;  // by request
};

}  // namespace pipedit::executor::test
