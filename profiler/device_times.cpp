#include "profiler/device_times.h"

#include "profiler/bench_program.h"
#include "profiler/fill.h"
#include "profiler/settle.h"

namespace pipedit::profiler {

using namespace program;

Program one_on_each(const Stretch& stretch, int devices, int repetitions) {
  Program program = bench_program(stretch, devices, repetitions);
  for (std::size_t rank = 0; rank < program.devices.size(); ++rank)
    program.devices[rank] = DeviceId{static_cast<int>(rank) % devices};
  return program;
}

std::vector<Nanos> device_times(const Stretch& stretch, int devices, executor::Backend& backend,
                                const executor::Job& job, Nanos lasting) {
  Stretch quiet = stretch;
  quiet.exchanges = false;
  const auto bench = [&](int repetitions) { return one_on_each(quiet, devices, repetitions); };
  const int half = repetitions_lasting(lasting / 2, bench, backend, job);
  const Program program = bench(2 * half);
  const Timeline timeline = run_filled(program, backend, job);
  const int warming = half * calls_in(program, 2 * half);
  std::vector<Nanos> times(static_cast<std::size_t>(devices));
  for (const Occurrence& unit : timeline.occurrences) {
    const Pattern& pattern = timeline.patterns[index(unit.pattern)];
    for (const Span& span : pattern.spans) {
      if (span.call < warming) continue;
      const Segment& segment = program.segment(pattern.calls[static_cast<std::size_t>(span.call)].segment);
      times[index(segment.tasks[index(span.task)].rank)] += span.end - span.start;
    }
  }
  return times;
}

}  // namespace pipedit::profiler
