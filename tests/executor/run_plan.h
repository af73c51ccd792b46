#pragma once

#include <map>
#include <mutex>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/timeline.h"
#include "executor/execute.h"
#include "executor/job.h"
#include "executor/weights/weight_store.h"
#include "tests/program/plans.h"

// Runs plans of the fixtures' reduced model on CPU threads, from its noise and text.
namespace pipedit::executor::test {

// Keeps what a run yields.
class MemorySink : public ResultSink {
 public:
  void latent(RequestId, const at::Tensor& latents) override;
  void frames(RequestId, Range, const at::Tensor& rgb) override;
  void finished(RequestId) override;

  std::map<RequestId, at::Tensor> latents;              // [C, T, h, w]
  std::map<RequestId, std::vector<at::Tensor>> videos;  // parts [F, H, W, 3]
  std::vector<RequestId> done;

 private:
  std::mutex mutex_;
};

struct Outcome {
  std::vector<at::Tensor> latents;  // by request
  std::vector<at::Tensor> videos;   // [F, H, W, 3], u8
  Timeline timeline;
};

// Weights and model of the fixtures, read once.
const models::Model& tiny_model();
const WeightStore& tiny_weights();

// The request of pipeline.json, `count` times; all but the first with noise drawn from the seed.
Workload tiny_workload(int count);
Workload tiny_workload(int count, int steps);
Job tiny_job(const Workload&, ResultSink&);

program::Program tiny_program(const tests::PlanShape&, const Workload&);

// Memory starts as NaNs. The transport of the plan says how exchanges are read.
Outcome run(const tests::PlanShape&, int requests = 1, const ExecuteOptions& = {});

}  // namespace pipedit::executor::test
