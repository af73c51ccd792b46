#include "profiler/beside_copies.h"

#include <algorithm>
#include <map>

#include "core/error.h"
#include "profiler/bench_program.h"
#include "profiler/copies.h"
#include "profiler/fill.h"
#include "profiler/samples.h"
#include "profiler/statistics.h"

namespace pipedit::profiler {

using namespace program;

namespace {

constexpr int kRepetitions = 12;
constexpr Bytes kCopied{std::int64_t{32} << 20};  // long next to its start-up
constexpr double kLonger = 4;                     // copies are to outlast the tasks beside them

// Two ranks of the same device that copy to each other, as a second actor. It draws the second request.
void add_copies(Program& program, Transport transport, int times) {
  const Program copies = copies_program(transport, std::vector<Bytes>{kCopied});
  const int first = program.ranks(), buffers = static_cast<int>(program.buffers.size());
  const auto moved = [&](Region region) {
    return Region{BufferId{static_cast<int>(region.buffer) + buffers}, region.slots, region.rows};
  };
  for (Buffer buffer : copies.buffers) {
    buffer.rank = Rank{first + static_cast<int>(index(buffer.rank))};
    program.buffers.push_back(buffer);
  }
  for (const RankMemory& memory : copies.memory) {
    program.memory.push_back(memory);
    program.devices.push_back(DeviceId{0});
  }
  Segment segment = copies.segments.front();
  for (Task& task : segment.tasks) task.rank = Rank{first + static_cast<int>(index(task.rank))};
  Part& forth = segment.exchanges.front().parts.front();
  forth = {Rank{first}, Rank{first + 1}, moved(forth.source), moved(forth.target)};
  segment.exchanges.front().parts.push_back({forth.to, forth.from, forth.target, forth.source});
  program.segments.push_back(std::move(segment));
  Alternative calls;
  calls.calls.assign(static_cast<std::size_t>(times), {SegmentId{static_cast<int>(program.segments.size()) - 1}, 0});
  const Unit unit{.kind = UnitKind::step, .repeat = 1, .alternatives = {calls}, .helpers = {}, .hand_to = {}};
  program.actors.push_back(
      {.name = "copies", .ranks = {Rank{first}, Rank{first + 1}}, .source = Source::queue, .scripts = {{unit}}});
  program.request_shapes = {0, 0};
  program.arrivals = {Nanos{0}, Nanos{0}};
}

Nanos copy_time(Transport transport, executor::Backend& backend, const executor::Job& job) {
  constexpr int kTimes = 16;
  Program program;
  program.plan = "profile";
  add_copies(program, transport, kTimes);
  program.request_shapes.resize(1);
  program.arrivals.resize(1);
  return run_filled(program, backend, job).makespan / kTimes;
}

struct Interval {
  Nanos begin{0}, end{0};
};

// When the copies ran without a pause.
Interval copying(const Timeline& timeline) {
  Interval interval{Nanos::max(), Nanos{0}};
  for (const Occurrence& unit : timeline.occurrences)
    if (index(unit.actor) == 1)
      for (const Span& span : timeline.patterns[index(unit.pattern)].spans) {
        interval.begin = std::min(interval.begin, unit.start + span.start);
        interval.end = std::max(interval.end, unit.start + span.end);
      }
  return interval;
}

using Times = std::map<PointKey, std::vector<Nanos>>;

Times times_of(const Timeline& timeline, const Program& program, int warming, Interval within) {
  Times times;
  for (const Occurrence& unit : timeline.occurrences) {
    if (index(unit.actor) != 0) continue;
    const Pattern& pattern = timeline.patterns[index(unit.pattern)];
    for (const Span& span : pattern.spans) {
      if (span.call < warming || unit.start + span.start < within.begin || unit.start + span.end > within.end) continue;
      const Segment& segment = program.segment(pattern.calls[static_cast<std::size_t>(span.call)].segment);
      const Task& task = segment.tasks[index(span.task)];
      if (task.kind == OpKind::exchange || task.lane != Lane::compute) continue;
      for (const PointKey& point : points_of(program, segment, task)) times[point].push_back(span.end - span.start);
    }
  }
  return times;
}

double median_of(std::vector<Nanos> samples) {
  return std::max(1.0, static_cast<double>(quartiles(undisturbed(std::move(samples))).median.count()));
}

}  // namespace

std::vector<Contention> contention_of(const Stretch& stretch, Transport transport, executor::Backend& backend,
                                      const executor::Job& job) {
  const Program alone = bench_program(stretch, 1, kRepetitions);
  const int warming = calls_in(alone, kRepetitions);
  const Timeline undisturbed_run = run_filled(alone, backend, job);
  const Times before = times_of(undisturbed_run, alone, warming, {Nanos{0}, Nanos::max()});

  Program beside = alone;
  const auto longer = kLonger * static_cast<double>(undisturbed_run.makespan.count());
  add_copies(beside, transport,
             1 + static_cast<int>(longer / static_cast<double>(copy_time(transport, backend, job).count())));
  const Timeline disturbed = run_filled(beside, backend, job);
  const Times during = times_of(disturbed, beside, warming, copying(disturbed));

  std::map<std::string, std::vector<double>> factors;
  for (const auto& [point, times] : during)
    if (const auto found = before.find(point); found != before.end())
      factors[point.kind].push_back(median_of(times) / median_of(found->second));
  std::vector<Contention> all;
  for (auto& [kind, of_points] : factors) {
    std::sort(of_points.begin(), of_points.end());
    all.push_back({kind, transport, std::max(1.0, of_points[of_points.size() / 2])});
  }
  return all;
}

double sharing_loss_of(const Stretch& stretch, executor::Backend& backend, const executor::Job& job) {
  const auto time = [&](int ranks) {
    const Program program = bench_program(stretch, ranks, kRepetitions);
    run_filled(program, backend, job);  // temporaries are there the second time
    return static_cast<double>(run_filled(program, backend, job).makespan.count());
  };
  return std::clamp(time(2) / (2 * time(1)), 1.0, 2.0);
}

}  // namespace pipedit::profiler
