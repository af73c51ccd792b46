#include "tests/space/tiny_runner.h"

#include <ATen/ops/randn.h>

#include "executor/backends/cpu/cpu_backend.h"
#include "executor/weights/random.h"
#include "models/registry.h"
#include "program/lower/lower.h"

namespace pipedit::executor::test {

const models::Model& shipped_tiny_model() {
  static const models::Model tiny = tests::model("hunyuanvideo-tiny");
  return tiny;
}

TinyRunner::TinyRunner(int requests, int text_tokens)
    : weights_(random_weights(models::weights_of(shipped_tiny_model()), 1, at::kFloat)) {
  for (int i = 0; i < requests; ++i) {
    text_.push_back(at::randn({text_tokens, 64}));
    pooled_.push_back(at::randn({32}));
  }
}

Outcome TinyRunner::run(const Plan& plan, const Cluster& cluster, const Workload& load) const {
  const models::Model& model = shipped_tiny_model();
  MemorySink sink;
  Job job{.model = &model, .workload = &load, .weights = &weights_, .inputs = {}, .seed = 5, .sink = &sink};
  for (std::size_t i = 0; i < load.requests.size(); ++i)
    job.inputs.push_back({.text_states = text_[i], .pooled = pooled_[i], .noise = {}, .latents = {}, .number = i});
  CpuBackend backend({.poison = true});
  Outcome outcome;
  outcome.timeline = execute(program::lower(model, cluster, load, plan), backend, job);
  for (const auto& [request, latents] : sink.latents) outcome.latents.push_back(latents);
  return outcome;
}

}  // namespace pipedit::executor::test
