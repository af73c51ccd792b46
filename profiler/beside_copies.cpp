#include "profiler/beside_copies.h"

#include <algorithm>
#include <map>

#include "profiler/bench_program.h"
#include "profiler/copies.h"
#include "profiler/fill.h"
#include "profiler/samples.h"
#include "profiler/settle.h"
#include "profiler/statistics.h"
#include "profiler/timed_tasks.h"

namespace pipedit::profiler {

using namespace program;

namespace {

constexpr int kRepetitions = 12;
constexpr Bytes kCopied{std::int64_t{32} << 20};  // long next to its start-up
constexpr double kLonger = 1.5;                   // copies are to outlast the tasks beside them, slowed down too

// Each of the working rank and the silent one copies to the other: a segment of their send lanes.
SegmentId add_copy(Program& program, Transport transport) {
  const Program copies = copies_program(transport, std::vector<Bytes>{kCopied});
  const int buffers = static_cast<int>(program.buffers.size());
  for (Buffer buffer : copies.buffers) {
    Bytes& end = program.memory[index(buffer.rank)].arena;
    buffer.offset = end;
    end += buffer.extent.size();
    program.buffers.push_back(buffer);
  }
  Segment segment = copies.segments.front();
  std::vector<Part>& parts = segment.exchanges.front().parts;
  for (Region* region : {&parts[0].source, &parts[0].target})
    region->buffer = BufferId{static_cast<int>(region->buffer) + buffers};
  const Part forth = parts[0];
  parts.push_back({forth.to, forth.from, forth.target, forth.source});
  program.segments.push_back(std::move(segment));
  return SegmentId{static_cast<int>(program.segments.size()) - 1};
}

std::vector<Call>& calls_of(Program& program) {
  return program.actors.front().scripts.front().front().alternatives.front().calls;
}

// With so many copies before each repetition: not all before the first, since whoever enqueues more than a stream holds
// (about a thousand) waits for it.
Program with_copies(Program program, Transport transport, int repetitions, int copies) {
  const SegmentId copy = add_copy(program, transport);
  const std::size_t round = calls_of(program).size() / static_cast<std::size_t>(repetitions);
  std::vector<Call> all;
  for (std::size_t i = 0; i < calls_of(program).size(); ++i) {
    if (i % round == 0) all.insert(all.end(), static_cast<std::size_t>(copies), Call{copy, 0});
    all.push_back(calls_of(program)[i]);
  }
  calls_of(program) = std::move(all);
  program.actors.front().ranks = {Rank{0}, Rank{1}};
  return program;
}

struct Interval {
  Nanos begin{0}, end{0};
};

// From the working rank's first copy to its last.
Interval copying(const Timeline& timeline, const Program& program) {
  Interval interval{Nanos::max(), Nanos{0}};
  for_each_task(timeline, program, [&](const TimedTask& timed) {
    if (timed.task.kind != OpKind::exchange || timed.task.rank != Rank{0}) return;
    interval.begin = std::min(interval.begin, timed.begin);
    interval.end = std::max(interval.end, timed.end);
  });
  return interval;
}

Nanos copy_time(const Program& alone, Transport transport, executor::Backend& backend, const executor::Job& job) {
  constexpr int kTimes = 16;
  Program program = alone;
  calls_of(program).resize(1);
  program = with_copies(std::move(program), transport, 1, kTimes);
  run_filled(program, backend, job);  // connections are there the second time
  const Interval interval = copying(run_filled(program, backend, job), program);
  return (interval.end - interval.begin) / kTimes;
}

using Times = std::map<PointKey, std::vector<Nanos>>;

Times times_of(const Timeline& timeline, const Program& program, int warming, Interval within) {
  Times times;
  for_each_task(timeline, program, [&](const TimedTask& timed) {
    if (timed.call < warming || timed.begin < within.begin || timed.end > within.end) return;
    if (timed.task.lane != Lane::compute) return;
    for (const PointKey& point : points_of(program, timed.segment, timed.task)) times[point].push_back(timed.time());
  });
  return times;
}

double median_of(std::vector<Nanos> samples) {
  return std::max(1.0, static_cast<double>(quartiles(undisturbed(std::move(samples))).median.count()));
}

}  // namespace

std::vector<Contention> contention_of(const Stretch& stretch, Transport transport, executor::Backend& backend,
                                      const executor::Job& job, Nanos settled) {
  Stretch quiet = stretch;
  quiet.exchanges = false;
  Program alone = bench_program(quiet, 1, kRepetitions);
  if (calls_of(alone).empty()) return {};
  const Nanos round = run_filled(alone, backend, job).makespan / kRepetitions;
  const int warming = 1 + static_cast<int>(settled / std::max(round, Nanos{1})), repetitions = warming + kRepetitions;
  alone = bench_program(quiet, 1, repetitions);
  const int calls = calls_in(alone, repetitions);
  const Times before = times_of(run_filled(alone, backend, job), alone, warming * calls, {Nanos{0}, Nanos::max()});

  const int copies = 1 + static_cast<int>(kLonger * static_cast<double>(round.count()) /
                                          static_cast<double>(copy_time(alone, transport, backend, job).count()));
  const Program beside = with_copies(alone, transport, repetitions, copies);
  const Timeline disturbed = run_filled(beside, backend, job);
  const Times during = times_of(disturbed, beside, warming * (calls + copies), copying(disturbed, beside));

  std::map<std::string, std::vector<double>> factors;
  for (const auto& [point, times] : during)
    if (const auto found = before.find(point); found != before.end())
      factors[point.kind].push_back(median_of(times) / median_of(found->second));
  std::vector<Contention> all;
  for (auto& [kind, of_points] : factors) {
    std::sort(of_points.begin(), of_points.end());
    all.push_back({.kind = kind,
                   .transport = transport,
                   .between_devices = stretch.between_devices(),
                   .factor = std::max(1.0, of_points[of_points.size() / 2])});
  }
  return all;
}

double sharing_loss(Nanos one_rank, Nanos two_ranks) {
  return std::clamp(static_cast<double>(two_ranks.count()) / (2 * static_cast<double>(one_rank.count())), 1.0, 2.0);
}

double sharing_loss_of(const Stretch& stretch, executor::Backend& backend, const executor::Job& job, Nanos settled) {
  const auto alone = [&](int repetitions) { return bench_program(stretch, 1, repetitions); };
  const int warming = repetitions_lasting(settled, alone, backend, job), repetitions = warming + kRepetitions;
  const auto time = [&](int ranks) {
    const Program program = bench_program(stretch, ranks, repetitions);
    return length_from(run_filled(program, backend, job), warming * calls_in(program, repetitions));
  };
  const Nanos one_rank = time(1);
  return sharing_loss(one_rank, time(2));
}

}  // namespace pipedit::profiler
