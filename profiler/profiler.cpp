#include "profiler/profiler.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <set>

#include "executor/execute.h"
#include "profiler/bench_program.h"
#include "profiler/fill.h"
#include "profiler/statistics.h"

namespace pipedit::profiler {

namespace {

using Clock = std::chrono::steady_clock;

// Times of every task of a run but the first repetition, which warms up.
std::vector<Nanos> samples_of(const Timeline& timeline) {
  std::vector<Nanos> samples;
  for (const Occurrence& unit : timeline.occurrences) {
    if (unit.step <= 0) continue;
    for (const Span& span : timeline.patterns[index(unit.pattern)].spans) samples.push_back(span.end - span.start);
  }
  return samples;
}

class PointTimer {
 public:
  PointTimer(executor::Backend& backend, const executor::Job& job, const Options& options)
      : backend_(backend), job_(job), options_(options) {}

  ProfilePoint measure(const Point& point, int busy) const {
    std::vector<Nanos> samples;
    const auto begin = Clock::now();
    for (int repetitions = 3;; repetitions *= 2) {
      const std::vector<Nanos> more = run(point, busy, repetitions);
      samples.insert(samples.end(), more.begin(), more.end());
      const Quartiles q = quartiles(samples);
      const bool enough =
          static_cast<int>(samples.size()) >= options_.fewest && median_error(q, samples.size()) <= options_.tolerance;
      if (enough || Clock::now() - begin >= options_.longest)
        return {point.kind, point.dims, busy, q.median, q.low, q.high, static_cast<int>(samples.size())};
    }
  }

 private:
  std::vector<Nanos> run(const Point& point, int busy, int repetitions) const {
    Filler filler;
    executor::ExecuteOptions options;
    options.operation = [&filler](const executor::OpContext& context) {
      filler.fill_once(context);
      executor::run_operation(context);
    };
    return samples_of(executor::execute(bench_program(point, busy, repetitions), backend_, job_, options));
  }

  executor::Backend& backend_;
  const executor::Job& job_;
  const Options& options_;
};

}  // namespace

std::vector<ProfilePoint> measure(const std::vector<Point>& points, executor::Backend& backend,
                                  const executor::Job& job, const Options& options) {
  std::vector<ProfilePoint> measured;
  const PointTimer timer(backend, job, options);
  const auto begin = Clock::now();
  for (std::size_t done = 0; done < points.size();) {
    measured.push_back(timer.measure(points[done], 1));
    if (options.slots > 1) measured.push_back(timer.measure(points[done], options.slots));
    ++done;
    const auto each = (Clock::now() - begin) / static_cast<std::int64_t>(done);
    if (options.progress) options.progress(done, points.size(), each * static_cast<std::int64_t>(points.size() - done));
  }
  return measured;
}

}  // namespace pipedit::profiler
