#include "simulator/simulate.h"

#include <algorithm>

#include "simulator/engine/actors.h"
#include "simulator/engine/completion.h"
#include "simulator/engine/deadlock.h"
#include "simulator/engine/devices.h"
#include "simulator/engine/exchanges.h"
#include "simulator/engine/hosts.h"
#include "simulator/engine/lanes.h"
#include "simulator/engine/links.h"
#include "simulator/engine/memo.h"
#include "simulator/engine/turns.h"

namespace pipedit::simulator {

namespace {

void job_done(World& world, const Event& event) {
  if (!world.jobs.foreseen(event)) return;
  const Job job = world.jobs[event.id];
  if (job.kind == JobKind::kernel) return kernel_launched(world, event.id, job);
  if (job.kind != JobKind::task) return part_done(world, event.id, job);
  const int device = world.rank(job.run->plan->nodes[static_cast<std::size_t>(job.node)].task->rank).device;
  leave_device(world, device, event.id);
  let_kernels_in(world, device, event.id);
  world.jobs.remove(event.id);
  complete(world, *job.run, job.node);
}

void happen(World& world, const Event& event) {
  switch (event.kind) {
    case EventKind::job_done:
      return job_done(world, event);
    case EventKind::flow_done:
      for (const JobId flow : flows_that_ended(world, event)) part_done(world, flow, world.jobs[flow]);
      return;
    case EventKind::host_done:
      if (world.rank(event.id).host.version == event.version) host_done(world, event.id);
      return;
    case EventKind::skip_append:
      return skip_append(world, event.id);
    case EventKind::skip_done:
      return skip_done(*world.memo, world, event.id);
    case EventKind::wake:
      world.actors_dirty = true;
      return;
  }
}

// At one instant: completions, then starts and decisions, which may start more, then turns on CPUs, then rates.
void settle(World& world) {
  do {
    do {
      advance_woken_hosts(world);
      start_woken_lanes(world);
    } while (!world.woken_hosts.empty());
  } while (decide(world));
  take_turns(world);
  update_flow_rates(world);
  update_device_rates(world);
}

}  // namespace

Timeline simulate(const program::Program& program, const Cluster& cluster, const CostModel& costs,
                  const Options& options) {
  World world;
  StepMemo memo;
  if (!options.full) world.memo = &memo;
  prepare(world, program, cluster, costs, options);
  settle(world);
  std::int64_t reported = 0;
  while (!world.agenda.empty()) {
    world.now = world.agenda.next();
    while (!world.agenda.empty() && world.agenda.next() == world.now) happen(world, world.agenda.take());
    settle(world);
    if (options.progress && reported < world.recorder.steps()) options.progress(reported = world.recorder.steps());
  }
  check_all_done(world);
  return world.recorder.timeline(program);
}

}  // namespace pipedit::simulator
