#include "profiler/requests.h"

#include <algorithm>
#include <map>
#include <set>

#include "executor/execute.h"
#include "executor/warm_up.h"
#include "profiler/progress.h"
#include "profiler/samples.h"
#include "profiler/timed_tasks.h"
#include "program/op_cost.h"

namespace pipedit::profiler {

using namespace program;

namespace {

constexpr int kSteps = 3;

bool once_a_request(OpKind kind) {
  switch (kind) {
    case OpKind::draw_noise:
    case OpKind::condition:
    case OpKind::refine_constants:
    case OpKind::save_latent:
    case OpKind::blend:
    case OpKind::write_frames:
      return true;
    default:
      return false;
  }
}

bool is_exchange(OpKind kind) { return kind == OpKind::exchange; }
bool in_every_step(OpKind kind) { return is_exchange(kind) || kind == OpKind::scheduler_step; }

using IsTimed = bool (*)(OpKind);
using Points = std::set<PointKey>;

std::vector<PointKey> keys_of(const Program& program, const Segment& segment, const Task& task) {
  if (is_exchange(task.kind)) return points_of(program, segment, task);
  OpCost cost = op_cost(program, task);
  return {{std::move(cost.kind), std::move(cost.dims)}};
}

Points points_in(const Program& program, IsTimed is_timed) {
  Points points;
  for (const Segment& segment : program.segments)
    for (const Task& task : segment.tasks)
      if (is_timed(task.kind))
        for (PointKey& point : keys_of(program, segment, task)) points.insert(std::move(point));
  return points;
}

Program denoising_one(Program program) {
  program.request_shapes.resize(1);
  program.arrivals.resize(1);
  for (Actor& actor : program.actors)
    for (auto& script : actor.scripts)
      for (Unit& unit : script)
        if (unit.kind == UnitKind::decode)
          for (Alternative& alternative : unit.alternatives) alternative.calls.clear();
  return program;
}

void add(const Timeline& timeline, const Program& program, IsTimed is_timed, Samples& samples) {
  for_each_task(timeline, program, [&](const TimedTask& timed) {
    if (timed.step == 0) return;  // its buffers are new to every cache
    if (is_timed(timed.task.kind)) samples.add(keys_of(program, timed.segment, timed.task), timed.time());
  });
}

// Those that have points which the ones before them have not: of those whose requests begin behind a decode on the same
// ranks, and of those that decode elsewhere, since the caches differ.
std::vector<const Program*> that_add_points(std::span<const Program> programs, int slots, IsTimed is_timed) {
  std::vector<const Program*> chosen;
  std::map<std::pair<int, bool>, Points> known;  // by ranks that are busy, and that
  for (const Program& program : programs) {
    Points& held = known[{std::min(program.ranks(), slots), program.actors.size() > 1}];
    const std::size_t before = held.size();
    held.merge(points_in(program, is_timed));
    if (held.size() > before) chosen.push_back(&program);
  }
  return chosen;
}

std::vector<ProfilePoint> measure(std::span<const Program> programs, executor::Backend& backend,
                                  const executor::Job& job, const Options& options, IsTimed is_timed,
                                  Program (*brief)(Program), int rounds) {
  std::map<int, Samples> samples;  // by ranks that are busy
  const std::vector<const Program*> chosen = that_add_points(programs, options.slots, is_timed);
  ProgressOf progress(options, chosen.size() * static_cast<std::size_t>(rounds));
  executor::ExecuteOptions run;
  run.stop = options.stop;
  for (int round = 0; round < rounds; ++round)
    for (const Program* program : chosen) {
      const Program shorter = executor::with_few_steps(brief(*program), kSteps);
      add(executor::execute(shorter, backend, job, run), shorter, is_timed,
          samples[std::min(shorter.ranks(), options.slots)]);
      progress.one_more();
    }
  std::vector<ProfilePoint> all;
  for (const auto& [busy, of_busy] : samples) std::ranges::move(of_busy.points(busy), std::back_inserter(all));
  return all;
}

}  // namespace

std::vector<ProfilePoint> measure_requests(std::span<const Program> programs, executor::Backend& backend,
                                           const executor::Job& job, const Options& options) {
  executor::ExecuteOptions run;
  run.stop = options.stop;
  for (const Program* program : that_add_points(programs, options.slots, once_a_request))
    executor::warm_up(*program, backend, job, run);
  return measure(
      programs, backend, job, options, once_a_request, [](Program program) { return program; }, 1);
}

std::vector<ProfilePoint> measure_exchanges(std::span<const Program> programs, executor::Backend& backend,
                                            const executor::Job& job, const Options& options) {
  constexpr int kRounds = 2;  // what takes microseconds takes others half a minute later, where the cache is shared
  return measure(programs, backend, job, options, in_every_step, denoising_one, kRounds);
}

}  // namespace pipedit::profiler
