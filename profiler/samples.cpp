#include "profiler/samples.h"

#include <algorithm>

#include "profiler/statistics.h"
#include "profiler/timed_tasks.h"

namespace pipedit::profiler {

using namespace program;

void Samples::add(const Timeline& timeline, const Program& program, int warming) {
  for_each_task(timeline, program, [&](const TimedTask& timed) {
    if (timed.call >= warming) add(points_of(program, timed.segment, timed.task), timed.time());
  });
}

void Samples::add(const std::vector<PointKey>& keys, Nanos time) {
  if (keys.size() == 1) return times_[keys.front()].push_back(time);
  std::int64_t bytes = 0;
  for (const PointKey& key : keys) bytes += key.dims.front();
  for (const PointKey& key : keys) times_[key].push_back(time * key.dims.front() / bytes);
}

void Samples::add(const Samples& others) {
  for (const auto& [key, times] : others.times_) times_[key].insert(times_[key].end(), times.begin(), times.end());
}

bool Samples::enough(const std::vector<PointKey>& points, int fewest, double tolerance) const {
  return std::ranges::all_of(points, [&](const PointKey& point) {
    const auto found = times_.find(point);
    if (found == times_.end()) return false;
    const std::vector<Nanos> times = undisturbed(found->second);
    return static_cast<int>(times.size()) >= fewest && median_error(quartiles(times), times.size()) <= tolerance;
  });
}

std::vector<ProfilePoint> Samples::points(int busy) const {
  std::vector<ProfilePoint> points;
  for (const auto& [key, all] : times_) {
    const std::vector<Nanos> times = undisturbed(all);
    const Quartiles q = quartiles(times);
    points.push_back({key.kind, key.dims, busy, q.median, q.low, q.high, static_cast<int>(times.size())});
  }
  return points;
}

}  // namespace pipedit::profiler
