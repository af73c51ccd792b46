#include "bench/floors/stopwatch.h"

#include <algorithm>
#include <limits>

#include <c10/cuda/CUDAStream.h>

#include "executor/backends/cuda/check.h"

namespace pipedit::bench {

namespace {

using executor::check;

constexpr int kMostRuns = 8;
constexpr double kEnough = 1;  // seconds of all runs

class Event {
 public:
  Event() { check(cudaEventCreate(&event_)); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { cudaEventDestroy(event_); }
  void record() { check(cudaEventRecord(event_, c10::cuda::getCurrentCUDAStream().stream())); }
  double seconds_since(const Event& start) const {
    check(cudaEventSynchronize(event_));
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, start.event_, event_));
    return milliseconds * 1e-3;
  }

 private:
  cudaEvent_t event_ = nullptr;
};

}  // namespace

double shortest_seconds(const std::function<void()>& work) {
  work();
  Event start, end;
  double shortest = std::numeric_limits<double>::infinity(), sum = 0;
  for (int run = 0; run < kMostRuns && sum < kEnough; ++run) {
    start.record();
    work();
    end.record();
    const double seconds = end.seconds_since(start);
    shortest = std::min(shortest, seconds);
    sum += seconds;
  }
  return shortest;
}

}  // namespace pipedit::bench
