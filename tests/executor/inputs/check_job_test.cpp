#include "executor/inputs/check_job.h"

#include <functional>

#include <gtest/gtest.h>

#include <ATen/ops/ones.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "tests/executor/fixture.h"
#include "tests/executor/run_plan.h"

namespace pipedit::executor::test {
namespace {

// What is said of a job of two requests whose second input was changed.
std::string refusal(const std::function<void(RequestInput&)>& change, int steps = 2) {
  Workload workload = tiny_workload(2, 2);
  workload.shapes[0].steps = steps;
  MemorySink sink;
  Job job = tiny_job(workload, sink);
  if (steps == 0) job.inputs[0].latents = job.inputs[0].noise;
  change(job.inputs[1]);
  try {
    check(job);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(CheckJob, AcceptsInputsThatFit) {
  EXPECT_EQ(refusal([](RequestInput&) {}), "");
}

TEST(CheckJob, NamesTheRequestAndWhatDoesNotFit) {
  EXPECT_EQ(refusal([](RequestInput& input) {
              input.pooled = at::ones({1, 1});
            }).substr(0, 27),
            "request 1: pooled: expected");
  const at::Tensor fits = fixture_tensors("pipeline.safetensors").tensor("in.noise_initial")[0];
  EXPECT_EQ(refusal([&](RequestInput& input) { input.noise = fits.narrow(3, 1, fits.size(3) - 1); }),
            fmt::format("request 1: noise: expected [{0}, {1}], got [{0}, {2}]",
                        fmt::join(fits.sizes().slice(0, 3), ", "), fits.size(3), fits.size(3) - 1));
  EXPECT_EQ(refusal([](RequestInput& input) { input.text_states = at::Tensor(); }), "request 1: no text_states");
  EXPECT_EQ(refusal([](RequestInput&) {}, 0), "request 1: no steps and no latents");
}

TEST(CheckJob, CountsInputs) {
  const Workload workload = tiny_workload(2);
  MemorySink sink;
  Job job = tiny_job(workload, sink);
  job.inputs.pop_back();
  EXPECT_THROW(check(job), InputError);
}

}  // namespace
}  // namespace pipedit::executor::test
