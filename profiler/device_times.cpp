#include "profiler/device_times.h"

#include "profiler/bench_program.h"
#include "profiler/fill.h"
#include "profiler/settle.h"
#include "profiler/timed_tasks.h"

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
  for_each_task(timeline, program, [&](const TimedTask& timed) {
    if (timed.call >= warming) times[index(timed.task.rank)] += timed.time();
  });
  return times;
}

}  // namespace pipedit::profiler
