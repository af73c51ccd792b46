#include "simulator/engine/exchanges.h"

#include <algorithm>

#include "simulator/engine/completion.h"
#include "simulator/engine/devices.h"
#include "simulator/engine/links.h"

namespace pipedit::simulator {

namespace {

const PartFacts& part_of(const Run& run, int node, int part) { return at(run.plan->call_of(node).graph->parts, part); }

void arrive(World& world, Run& run, int node, const PartFacts& part) {
  release(world, run, run.plan->call_of(node).first_node + part.arrival);
}

// `node` is the sender's task.
void begin_part(World& world, Run& run, int node, int part) {
  const PartFacts& facts = part_of(run, node, part);
  const bool flows = facts.route != nullptr;
  const Job job{.kind = flows ? JobKind::start_up : JobKind::copy, .run = &run, .node = node, .part = part};
  if (!facts.local()) touch(world, facts, +1);
  const JobId id = world.jobs.add(job, flows ? facts.start_up : facts.cost, world.now);
  world.jobs.set_rate(id, kFull, world.now, world.agenda);
}

// In turn: the next part of the sender, or the end of its task.
void next_part(World& world, Run& run, int node) {
  const PlannedCall& call = run.plan->call_of(node);
  const std::span<const int> sends = call.graph->sends[static_cast<std::size_t>(node - call.first_node)];
  std::int32_t& moved = at(run.state->pending, node);
  if (moved < static_cast<int>(sends.size()))
    return begin_part(world, run, node, sends[static_cast<std::size_t>(moved++)]);
  world.rank(at(run.plan->nodes, node).task->rank).thread_busy = false;
  complete(world, run, node);
}

void begin_together(World& world, Run& run, const PlannedCall& call, const ExchangeFacts& exchange) {
  for (const int part : exchange.parts)
    begin_part(world, run, call.first_node + at(call.graph->parts, part).sender, part);
}

void end_for_member(World& world, Run& run, int node) {
  if (--at(run.state->pending, node) == 0) complete(world, run, node);
}

void part_moved(World& world, Run& run, int node, const PartFacts& part) {
  arrive(world, run, node, part);
  const int first = run.plan->call_of(node).first_node;
  if (program::reading_of(part.transport) == program::Reading::in_turn) return next_part(world, run, node);
  end_for_member(world, run, first + part.sender);
  if (!part.local()) end_for_member(world, run, first + part.receiver);
}

}  // namespace

void begin_exchange(World& world, Run& run, int node) {
  const PlannedCall& call = run.plan->call_of(node);
  const TaskFacts& task = *at(run.plan->nodes, node).task;
  const ExchangeFacts& exchange = at(call.graph->exchanges, task.exchange);
  if (exchange.reading == program::Reading::in_turn) {
    world.rank(task.rank).thread_busy = world.rank(task.rank).cpu;
    return next_part(world, run, node);
  }
  const std::size_t involved = call.graph->involves[static_cast<std::size_t>(node - call.first_node)].size();
  at(run.state->pending, node) = static_cast<std::int32_t>(involved);
  const int id = call.first_exchange + task.exchange;
  int& arrived = at(run.state->arrived, id);
  if (++arrived == exchange.members) begin_together(world, run, call, exchange);
  if (involved == 0) complete(world, run, node);
}

void part_done(World& world, JobId id, const Job& ended) {
  const Job job = ended;
  Run& run = *job.run;
  const PartFacts& part = part_of(run, job.node, job.part);
  if (job.kind == JobKind::flow) end_flow(world, id);
  world.jobs.remove(id);
  if (job.kind == JobKind::start_up && part.size > Bytes{0} && part.cost > part.start_up)
    return begin_flow(world, job, part, part.cost - part.start_up);
  if (!part.local()) touch(world, part, -1);
  part_moved(world, run, job.node, part);
}

}  // namespace pipedit::simulator
