#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>

#include "executor/kernels/stream.h"
#include "models/hunyuanvideo/schedule.h"
#include "tests/executor/fixture.h"

namespace pipedit::executor::test {
namespace {

constexpr const char* kCase = "scheduler_flow_match_euler";

// One variant of the sampler's fixtures: its number of steps and its shift.
class SchedulerParity : public testing::TestWithParam<const char*> {
 protected:
  double number(const std::string& what) const {
    return fixture_number(kCase, std::string("/variants/") + GetParam() + "/" + what);
  }
  at::Tensor tensor(const std::string& name) const { return io_.tensor(std::string(GetParam()) + "." + name); }
  std::vector<float> sigmas() const {
    return models::hunyuanvideo::sigmas(static_cast<std::int64_t>(number("steps")), number("shift"));
  }

  // Compares the states of a run whose velocities `v` gives for (step, state).
  template <class Velocity>
  void run(const Velocity& v, double tolerance) const {
    const std::vector<float> levels = sigmas();
    at::Tensor x = tensor("noise_initial").clone();
    EXPECT_EQ(max_difference(x, tensor("x")[0]), 0);
    for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
      kernels::scheduler_step(x, v(i, x), levels[i], levels[i + 1]);
      ASSERT_LE(relative_difference(x, tensor("x")[static_cast<std::int64_t>(i) + 1]), tolerance) << "step " << i;
    }
  }

  const SafetensorsFile io_ = fixture_tensors(std::string(kCase) + ".safetensors");
};

TEST_P(SchedulerParity, SigmasAndTimesteps) {
  const std::vector<float> levels = sigmas();
  const std::vector<float> times = models::hunyuanvideo::timesteps(levels);
  ASSERT_EQ(levels.size(), static_cast<std::size_t>(tensor("sigmas").size(0)));
  ASSERT_EQ(times.size(), static_cast<std::size_t>(tensor("timesteps").size(0)));
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const float expected = tensor("sigmas")[static_cast<std::int64_t>(i)].item<float>();
    EXPECT_NEAR(levels[i], expected, number("tolerance/sigmas_relative") * expected);
  }
  for (std::size_t i = 0; i < times.size(); ++i) {
    const float expected = tensor("timesteps")[static_cast<std::int64_t>(i)].item<float>();
    EXPECT_NEAR(times[i], expected, number("tolerance/timesteps_relative") * expected);
  }
}

TEST_P(SchedulerParity, StatesFromTheFilesVelocities) {
  run([&](std::size_t i, const at::Tensor&) { return tensor("v")[static_cast<std::int64_t>(i)]; },
      number("tolerance/x_with_v_from_file"));
}

TEST_P(SchedulerParity, StatesOfAClosedLoop) {
  const std::vector<float> times = models::hunyuanvideo::timesteps(sigmas());
  run([&](std::size_t i, const at::Tensor& x) { return (x * 1.3).sin() * 0.7 + x * (0.3 * times[i] / 1000) + 0.05; },
      number("tolerance/x_closed_loop"));
}

INSTANTIATE_TEST_SUITE_P(Variants, SchedulerParity, testing::Values("official", "short"));

}  // namespace
}  // namespace pipedit::executor::test
