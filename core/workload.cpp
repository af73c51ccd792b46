#include "core/workload.h"

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit {

namespace {

constexpr std::int64_t kMostSteps = 1'000'000;  // of all requests: a timeline holds each

[[noreturn]] void refuse(const std::string& key, const std::string& message) {
  throw InputError(fmt::format("{}: {}", key, message));
}

void check_range(const std::string& key, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value < low || value > high) refuse(key, fmt::format("expected {} to {}, got {}", low, high, value));
}

void check_size(const std::string& key, int value) {
  check_range(key, value, kVideoMultiple, 16384);
  if (value % kVideoMultiple != 0) refuse(key, fmt::format("expected a multiple of {}, got {}", kVideoMultiple, value));
}

void check_shape(const std::string& key, const RequestShape& shape) {
  check_size(key + "/width", shape.width);
  check_size(key + "/height", shape.height);
  check_range(key + "/frames", shape.frames, 1, kMostFrames);
  if (shape.frames % 4 != 1) refuse(key + "/frames", fmt::format("expected 4k + 1 (1, 5, 9 ..), got {}", shape.frames));
  check_range(key + "/steps", shape.steps, 1, kMostStepsOfOne);
  check_range(key + "/text_tokens", shape.text_tokens, 1, kMostTextTokens);
}

void check_steps(const std::string& key, std::int64_t steps) {
  if (steps > kMostSteps) refuse(key, fmt::format("{} steps in all, expected at most {}", steps, kMostSteps));
}

}  // namespace

Workload uniform_workload(const RequestShape& shape, int count) {
  check_range("/count", count, 1, kMostRequests);
  check_shape("", shape);
  check_steps("/count", std::int64_t{count} * shape.steps);
  return {.name = fmt::format("{}x{}x{}", shape.width, shape.height, shape.frames),
          .shapes = {shape},
          .requests = std::vector<Request>(static_cast<std::size_t>(count))};
}

void check(const Workload& workload) {
  for (std::size_t i = 0; i < workload.shapes.size(); ++i)
    check_shape(fmt::format("/shapes/{}", i), workload.shapes[i]);
  if (workload.requests.empty()) refuse("/requests", "expected at least one request");
  if (workload.requests.size() > kMostRequests) refuse("/requests", fmt::format("more than {}", kMostRequests));
  const auto shapes = static_cast<std::int64_t>(workload.shapes.size());
  Nanos last{0};
  for (std::size_t i = 0; i < workload.requests.size(); ++i) {
    const Request& request = workload.requests[i];
    if (request.shape < 0 || request.shape >= shapes)
      refuse(fmt::format("/requests/{}/shape", i), fmt::format("there are {} shapes, got {}", shapes, request.shape));
    if (request.arrival < last)
      refuse(fmt::format("/requests/{}/arrival_ns", i),
             fmt::format("before the request in front of it ({} ns)", last.count()));
    last = request.arrival;
  }
  check_steps("/requests", steps_of(workload));
}

std::int64_t steps_of(const Workload& workload) {
  std::int64_t steps = 0;
  for (const Request& request : workload.requests)
    steps += workload.shapes[static_cast<std::size_t>(request.shape)].steps;
  return steps;
}

}  // namespace pipedit
