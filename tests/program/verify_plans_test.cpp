#include <random>

#include <gtest/gtest.h>

#include "program/lower/lower.h"
#include "tests/program/plans.h"
#include "tests/program/seeds.h"

// Plans drawn from the whole space, lowered and verified.
namespace pipedit::program {
namespace {

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}

  // From begin to end, both included.
  int between(int begin, int end) {
    return begin + static_cast<int>(random_() % static_cast<unsigned>(end - begin + 1));
  }

  tests::PlanShape plan(int heads) {
    tests::PlanShape shape{.denoise = between(1, 8)};
    const bool apart = shape.denoise < 8 && between(0, 1) == 1;
    if (apart) shape.decode = between(1, 8 - shape.denoise);
    for (int chunk = between(0, 4); chunk > 0; --chunk) shape.chunks.push_back(between(1, 3));
    shape.row_groups = 1 << between(0, 2);
    shape.fill = between(0, 1) == 1;
    if (apart && between(0, 2) > 0) shape.lent_heads = between(0, (heads - 1) / shape.decode);
    constexpr Transport kTransports[] = {Transport::peer, Transport::nccl, Transport::staged, Transport::host};
    shape.transport = kTransports[between(0, 3)];
    shape.memory = shape.lent_heads == 0 && between(0, 3) == 0 ? Memory::offload : Memory::resident;
    return shape;
  }

  RequestShape request() {
    return {.width = 64 * between(1, 4),
            .height = 64 * between(1, 3),
            .frames = 4 * between(0, 5) + 1,
            .steps = between(1, 3),
            .text_tokens = between(1, 40)};
  }

 private:
  std::mt19937 random_;
};

std::string text(const tests::PlanShape& plan, const RequestShape& request) {
  return "denoise " + std::to_string(plan.denoise) + ", decode " + std::to_string(plan.decode) + ", chunks " +
         std::to_string(plan.chunks.size()) + ", groups " + std::to_string(plan.row_groups) + ", fill " +
         std::to_string(plan.fill) + ", lends " + std::to_string(plan.lent_heads) + ", transport " +
         std::to_string(static_cast<int>(plan.transport)) + ", memory " +
         std::to_string(static_cast<int>(plan.memory)) + ", " + std::to_string(request.width) + "x" +
         std::to_string(request.height) + "x" + std::to_string(request.frames) + ", " + std::to_string(request.steps) +
         " steps, text " + std::to_string(request.text_tokens);
}

TEST(VerifyPlansFuzz, WhateverIsLoweredHasNoFault) {
  const models::Model model = tests::model("hunyuanvideo-tiny");
  Draw draw(7);
  for (int i = 0; i < 300; ++i) {
    const tests::PlanShape shape = draw.plan(static_cast<int>(model.dit.num_heads));
    const DeviceKind kind = draw.between(0, 1) == 0 ? DeviceKind::cpu : DeviceKind::gpu;
    const Cluster machine = tests::cluster(shape.denoise + shape.decode, kind);
    RequestShape request = draw.request();
    Workload workload = uniform_workload(request, 2);
    if (draw.between(0, 1) == 1) {
      workload.shapes.push_back(draw.request());
      workload.requests.push_back({.shape = 1, .arrival = {}, .prompt = {}});
    }
    const Program program = lower(model, machine, workload, tests::plan(shape));
    EXPECT_EQ(tests::text(verify(program, machine)), "") << text(shape, request);
  }
}

}  // namespace
}  // namespace pipedit::program
