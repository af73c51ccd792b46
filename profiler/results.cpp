#include "core/error.h"
#include "executor/execute.h"
#include "profiler/profiler.h"
#include "profiler/samples.h"
#include "program/op_cost.h"

namespace pipedit::profiler {

using namespace program;

namespace {

const Segment& decoding_segment(const Program& program) {
  for (const Segment& segment : program.segments)
    for (const Task& task : segment.tasks)
      if (task.kind == OpKind::write_frames) return segment;
  throw Error("a program that writes no frames has no results to measure");
}

// The source's decode segment without its decoding, on one rank, as the whole script.
Program results_program(const Program& source, std::size_t requests) {
  const Segment& decoding = decoding_segment(source);
  Program program;
  program.plan = "profile";
  program.segments = {{.name = decoding.name, .weights = "", .tasks = {}, .exchanges = {}}};
  program.devices = {DeviceId{0}};
  program.memory = {RankMemory{}};
  program.request_shapes.assign(requests, 0);
  program.arrivals.assign(requests, Nanos{0});
  program.buffers = source.buffers;
  for (const Task& task : decoding.tasks) {
    if (task.lane != Lane::writer) continue;
    program.segments[0].tasks.push_back(task);
    program.segments[0].tasks.back().rank = Rank{0};
    program.segments[0].tasks.back().waits.clear();
    program.memory[0] = source.memory[index(task.rank)];
    for (const Region& region : task.reads) program.buffers[index(region.buffer)].rank = Rank{0};
  }
  Unit unit{.kind = UnitKind::decode,
            .repeat = 1,
            .alternatives = {{.calls = {{SegmentId{0}, 0}}, .lent = {}}},
            .helpers = {},
            .hand_to = {}};
  program.actors = {{.name = "profile", .ranks = {Rank{0}}, .source = Source::queue, .scripts = {{unit}}}};
  return program;
}

}  // namespace

std::vector<ProfilePoint> measure_results(const Program& source, executor::Backend& backend, const executor::Job& job) {
  const Program program = results_program(source, job.workload->requests.size());
  const Timeline timeline = executor::execute(program, backend, job);
  Samples samples;
  for (const Occurrence& unit : timeline.occurrences)
    for (const Span& span : timeline.patterns[index(unit.pattern)].spans) {
      OpCost cost = op_cost(program, program.segments[0].tasks[index(span.task)]);
      samples.add({std::move(cost.kind), std::move(cost.dims)}, span.end - span.start);
    }
  return samples.points(1);
}

}  // namespace pipedit::profiler
