#pragma once

#include <functional>
#include <vector>

#include "core/profile.h"
#include "executor/backend.h"
#include "executor/job.h"
#include "profiler/points.h"

namespace pipedit::profiler {

struct Options {
  int slots = 1;            // of the device: everything is measured alone and with this many tasks side by side
  double tolerance = 0.03;  // a point is done when its median is known this well
  Nanos longest{std::chrono::seconds{1}};                                      // or when it has taken this long
  int fewest = 8;                                                              // samples of a point, at least
  std::function<void(std::size_t done, std::size_t of, Nanos left)> progress;  // called after each point
};

// Times every point with the executor on the given backend. `job` brings weights, inputs and a workload with the shape
// that the points' programs were lowered for.
std::vector<ProfilePoint> measure(const std::vector<Point>&, executor::Backend&, const executor::Job&, const Options&);

// Times what hands results to the job's sink: the program's writer tasks alone, a video for each of the job's requests.
std::vector<ProfilePoint> measure_results(const program::Program&, executor::Backend&, const executor::Job&);

}  // namespace pipedit::profiler
