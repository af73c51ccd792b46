#include "profiler/profiler.h"

#include <algorithm>
#include <chrono>
#include <tuple>

#include "core/error.h"
#include "profiler/bench_program.h"
#include "profiler/fill.h"
#include "profiler/progress.h"
#include "profiler/samples.h"

namespace pipedit::profiler {

namespace {

using Clock = std::chrono::steady_clock;

class StretchTimer {
 public:
  StretchTimer(executor::Backend& backend, const executor::Job& job, const Options& options)
      : backend_(backend), job_(job), options_(options) {}

  void measure(const Stretch& stretch, int ranks, Samples& all) const {
    Samples own;
    const auto begin = Clock::now();
    for (int repetitions = 3;; repetitions *= 2) {
      const program::Program program = bench_program(stretch, ranks, repetitions);
      const Timeline timeline = run_filled(program, backend_, job_);
      const int warming = calls_in(program, repetitions);
      own.add(timeline, program, warming);
      all.add(timeline, program, warming);
      if (own.enough(options_.fewest, options_.tolerance) || Clock::now() - begin >= options_.longest) return;
    }
  }

 private:
  executor::Backend& backend_;
  const executor::Job& job_;
  const Options& options_;
};

std::vector<ProfilePoint> sorted_points(const Samples& alone, const Samples& busy, int slots) {
  std::vector<ProfilePoint> points = alone.points(1);
  for (ProfilePoint& point : busy.points(slots)) points.push_back(std::move(point));
  std::sort(points.begin(), points.end(), [](const ProfilePoint& a, const ProfilePoint& b) {
    return std::tie(a.kind, a.dims, a.busy) < std::tie(b.kind, b.dims, b.busy);
  });
  return points;
}

}  // namespace

std::vector<ProfilePoint> measure(const std::vector<Stretch>& stretches, executor::Backend& backend,
                                  const executor::Job& job, const Options& options) {
  Samples alone, busy;
  const StretchTimer timer(backend, job, options);
  ProgressOf progress(options, stretches.size());
  for (const Stretch& stretch : stretches) {
    if (options.stop != nullptr && *options.stop) throw Error("interrupted");
    timer.measure(stretch, 1, alone);
    if (options.slots > 1) timer.measure(stretch, std::max(options.slots, options.ranks), busy);
    if (options.measured) options.measured(sorted_points(alone, busy, options.slots));
    progress.one_more();
  }
  return sorted_points(alone, busy, options.slots);
}

}  // namespace pipedit::profiler
