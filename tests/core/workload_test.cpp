#include "core/workload.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace pipedit {
namespace {

constexpr RequestShape kShape{.width = 480, .height = 352, .frames = 97, .steps = 10, .text_tokens = 256};

std::string refusal(const RequestShape& shape, int count) {
  try {
    uniform_workload(shape, count);
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(UniformWorkload, HoldsEqualRequestsThatAreThereFromTheStart) {
  const Workload workload = uniform_workload(kShape, 3);
  EXPECT_EQ(workload.name, "480x352x97");
  EXPECT_EQ(workload.requests, std::vector<Request>(3));
  EXPECT_EQ(workload.shape_of(RequestId{2}), kShape);
  EXPECT_NO_THROW(check(workload));
}

TEST(UniformWorkload, NamesTheValueThatIsWrong) {
  EXPECT_EQ(refusal(kShape, 0), "/count: expected 1 to 100000, got 0");
  RequestShape shape = kShape;
  shape.frames = 96;
  EXPECT_EQ(refusal(shape, 1), "/frames: expected 4k + 1 (1, 5, 9 ..), got 96");
  shape = kShape;
  shape.width = -16;
  EXPECT_EQ(refusal(shape, 1), "/width: expected 16 to 16384, got -16");
}

TEST(ParseWorkload, ACountStandsForEqualRequests) {
  const Workload workload = parse_workload(R"({"format": "pipedit.workload", "version": 1, "name": "480x352x97",
    "shapes": [{"width": 480, "height": 352, "frames": 97, "steps": 10, "text_tokens": 256}],
    "requests": [{"count": 3}]})");
  EXPECT_EQ(workload, uniform_workload(kShape, 3));
}

}  // namespace
}  // namespace pipedit
