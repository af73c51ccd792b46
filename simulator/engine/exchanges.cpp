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

void add_job(World& world, const Job& job, Nanos work) {
  world.jobs.set_rate(world.jobs.add(job, work, world.now), kFull, world.now, world.agenda);
}

// `node` is the sender's task.
void begin_part(World& world, Run& run, int node, int part) {
  const PartFacts& facts = part_of(run, node, part);
  const bool flows = facts.route != nullptr;
  const Job job{.kind = flows ? JobKind::start_up : JobKind::copy, .run = &run, .node = node, .part = part};
  if (!facts.local()) touch(world, facts, +1);
  add_job(world, job, flows ? facts.start_up : facts.cost);
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

const ExchangeFacts& exchange_of(const Run& run, int node) {
  return at(run.plan->call_of(node).graph->exchanges, at(run.plan->nodes, node).task->exchange);
}

// The member is there; the last one lets all parts begin.
void meet(World& world, Run& run, int node) {
  const PlannedCall& call = run.plan->call_of(node);
  const ExchangeFacts& exchange = exchange_of(run, node);
  int& there = at(run.state->arrived, call.first_exchange + at(run.plan->nodes, node).task->exchange);
  if (++there < exchange.members) return;
  for (const int part : exchange.parts)
    begin_part(world, run, call.first_node + at(call.graph->parts, part).sender, part);
}

void begin_rendezvous(World& world, Run& run, int node) {
  const PlannedCall& call = run.plan->call_of(node);
  const std::size_t involved = call.graph->involves[static_cast<std::size_t>(node - call.first_node)].size();
  at(run.state->pending, node) = static_cast<std::int32_t>(involved);
  const auto launch = world.kernel_launch[static_cast<std::size_t>(exchange_of(run, node).transport)];
  if (launch && involved > 0) return add_job(world, {.kind = JobKind::kernel, .run = &run, .node = node}, *launch);
  meet(world, run, node);
  if (involved == 0) complete(world, run, node);
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
  if (program::reading_of(exchange_of(run, node).transport) != program::Reading::in_turn)
    return begin_rendezvous(world, run, node);
  RankState& rank = world.rank(at(run.plan->nodes, node).task->rank);
  rank.thread_busy = rank.cpu;
  next_part(world, run, node);
}

void kernel_launched(World& world, JobId id, const Job& job) {
  world.jobs.remove(id);
  DeviceState& device = world.device(world.rank(at(job.run->plan->nodes, job.node).task->rank).device);
  const auto computing = std::ranges::find(device.jobs, program::Lane::compute, &DeviceJob::lane);
  if (computing == device.jobs.end()) return meet(world, *job.run, job.node);
  device.kernels.push_back({computing->job, job.run, job.node});
}

void let_kernels_in(World& world, int id, JobId ended) {
  DeviceState& device = world.device(id);
  const auto waits = [&](const WaitingKernel& kernel) { return kernel.behind == ended; };
  for (auto next = std::ranges::find_if(device.kernels, waits); next != device.kernels.end();
       next = std::ranges::find_if(device.kernels, waits)) {
    const WaitingKernel kernel = *next;
    device.kernels.erase(next);
    meet(world, *kernel.run, kernel.node);
  }
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
