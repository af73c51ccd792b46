#include "tests/executor/run_plan.h"

#include <ATen/ops/cat.h>

#include "executor/backends/cpu/cpu_backend.h"
#include "executor/weights/load.h"
#include "executor/weights/packed.h"
#include "models/registry.h"
#include "program/lower/lower.h"
#include "tests/executor/fixture.h"

namespace pipedit::executor::test {

void MemorySink::latent(RequestId request, const at::Tensor& saved) {
  const std::lock_guard lock(mutex_);
  latents[request] = saved.clone();
}

void MemorySink::frames(RequestId request, Range, const at::Tensor& rgb) {
  const std::lock_guard lock(mutex_);
  videos[request].push_back(rgb.clone());
}

void MemorySink::finished(RequestId request) {
  const std::lock_guard lock(mutex_);
  done.push_back(request);
}

const models::Model& tiny_model() {
  static const models::Model model = fixture_model();
  return model;
}

// Packed, so that results have the bits that off-loaded weights give.
const WeightStore& tiny_weights() {
  static const WeightStore weights = [] {
    const auto specs = models::weights_of(tiny_model());
    WeightStore packed = packed_weights(specs, at::kFloat);
    load_weights_into(packed, fixture_folder(), specs);
    return packed;
  }();
  return weights;
}

namespace {

RequestInput tiny_input(int number) {
  const SafetensorsFile text = fixture_tensors("dit_io.safetensors");
  const std::int64_t valid = text.tensor("in.text_mask")[0].sum().item<std::int64_t>();
  RequestInput input{.text_states = text.tensor("in.text_states")[0].narrow(0, 0, valid),
                     .pooled = text.tensor("in.text_states_2")[0],
                     .noise = {},
                     .latents = {},
                     .number = static_cast<std::uint64_t>(number)};
  if (number == 0) input.noise = fixture_tensors("pipeline.safetensors").tensor("in.noise_initial")[0];
  return input;
}

}  // namespace

Workload tiny_workload(int count) { return tiny_workload(count, static_cast<int>(tiny_model().sampler.steps)); }

Workload tiny_workload(int count, int steps) {
  const SafetensorsFile io = fixture_tensors("pipeline.safetensors");
  const at::Tensor frames = io.tensor("out.frames");
  const at::Tensor mask = fixture_tensors("dit_io.safetensors").tensor("in.text_mask")[0];
  return uniform_workload({.width = static_cast<int>(frames.size(4)),
                           .height = static_cast<int>(frames.size(3)),
                           .frames = static_cast<int>(frames.size(2)),
                           .steps = steps,
                           .text_tokens = static_cast<int>(mask.sum().item<std::int64_t>())},
                          count);
}

Job tiny_job(const Workload& workload, ResultSink& sink) {
  Job job{.model = &tiny_model(),
          .workload = &workload,
          .weights = &tiny_weights(),
          .inputs = {},
          .seed = 7,
          .sink = &sink};
  for (std::size_t i = 0; i < workload.requests.size(); ++i) job.inputs.push_back(tiny_input(static_cast<int>(i)));
  return job;
}

program::Program tiny_program(const tests::PlanShape& shape, const Workload& workload) {
  const int ranks = shape.denoise + shape.decode;
  return program::lower(tiny_model(), tests::cluster(ranks, DeviceKind::cpu), workload, tests::plan(shape));
}

Outcome run(const tests::PlanShape& shape, int requests, const ExecuteOptions& options) {
  const Workload workload = tiny_workload(requests);
  const program::Program program = tiny_program(shape, workload);
  MemorySink sink;
  CpuBackend backend({.poison = true});
  Outcome outcome;
  outcome.timeline = execute(program, backend, tiny_job(workload, sink), options);
  for (const auto& [request, latents] : sink.latents) outcome.latents.push_back(latents);
  for (const auto& [request, parts] : sink.videos) outcome.videos.push_back(at::cat(parts, 0));
  return outcome;
}

}  // namespace pipedit::executor::test
