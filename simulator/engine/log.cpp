#include "simulator/engine/log.h"

#include <algorithm>
#include <tuple>

#include "simulator/engine/actors.h"
#include "simulator/engine/completion.h"
#include "simulator/engine/hosts.h"

namespace pipedit::simulator {

namespace {

const UnitPlan& plan_of(World& world, const program::UnitInstance& unit) {
  const auto key = std::pair(unit.unit, unit.alternative);
  const auto known = world.plans.find(key);
  if (known != world.plans.end()) return known->second;
  return world.plans.emplace(key, plan_unit(*world.program, world.graphs, unit)).first->second;
}

// The last task on the lane in the units before log entry `before`, if it is not done.
OuterWait tail_before(const RankState& rank, program::Lane lane, int before) {
  for (int entry = before - 1; entry >= 0; --entry) {
    const LogEntry& log = rank.log[static_cast<std::size_t>(entry)];
    const std::vector<int>& tasks =
        log.run->plan->lanes[static_cast<std::size_t>(log.participant)][static_cast<std::size_t>(lane)];
    if (tasks.empty()) continue;
    if (log.run->task_done(tasks.back())) return {};
    return {.node = -1, .target = log.run, .target_node = tasks.back()};
  }
  return {};
}

void find_tails(World& world, Run& run) {
  for (const NodeTail& tail : run.plan->outer_tails) {
    const RankState& rank = world.rank(tail.rank);
    const std::optional<int> participant = run.plan->participant(tail.rank);
    const int before =
        participant ? run.entry[static_cast<std::size_t>(*participant)] : static_cast<int>(rank.log.size());
    OuterWait wait = tail_before(rank, tail.lane, before);
    wait.node = tail.node;
    if (wait.target != nullptr) run.waits.push_back(wait);
  }
}

void append_to_ranks(World& world, Run& run, bool drain_first) {
  for (std::size_t p = 0; p < run.plan->ranks.size(); ++p) {
    const int id = run.plan->ranks[p];
    RankState& rank = world.rank(id);
    run.entry.push_back(static_cast<int>(rank.log.size()));
    rank.log.push_back({&run, static_cast<int>(p), run.plan->drain[p], drain_first});
    rank.writers_left += static_cast<int>(run.plan->lanes[p][static_cast<std::size_t>(program::Lane::writer)].size());
    wake_host(world, id);
  }
}

void begin_request(World& world, ActorId id, RequestId request, int slot) {
  ActorState& actor = world.actor(id);
  actor.cursor.begin(request, slot);
  actor.next = actor.cursor.next();
  actor.idle_since = Nanos{-1};
  world.actors_dirty = true;
}

bool draw_latent(World& world, ActorId id) {
  ActorState& actor = world.actor(id);
  if (actor.latents.empty()) return false;
  const Latent latent = actor.latents.front();
  actor.latents.pop_front();
  begin_request(world, id, latent.request, latent.slot);
  return true;
}

bool draw_request(World& world, ActorId id) {
  if (world.next_request == world.program->request_shapes.size()) return false;
  const std::size_t request = world.next_request;
  if (world.program->arrivals[request] > world.now) {
    if (world.next_wake < world.program->arrivals[request]) {
      world.next_wake = world.program->arrivals[request];
      world.agenda.add({.time = world.next_wake, .kind = EventKind::wake});
    }
    return false;
  }
  ++world.next_request;
  world.recorder.drawn[request] = world.now;
  begin_request(world, id, RequestId{static_cast<int>(request)}, 0);
  return true;
}

}  // namespace

void append_next(World& world, ActorId id, Appended how) {
  ActorState& actor = world.actor(id);
  Run& run = world.runs.emplace_back();
  run.unit = *actor.next;
  run.unit.alternative = how.alternative;
  actor.next = actor.cursor.next();
  run.last_of_request = !actor.next;
  run.plan = &plan_of(world, run.unit);
  run.barrier_left = run.plan->barrier_tasks;
  run.left = run.plan->tasks;
  run.position = actor.log.size();
  run.appended = world.now;
  append_to_ranks(world, run, how.drain_first);
  find_tails(world, run);
  actor.log.push_back(&run);
  for (const int rank : run.plan->ranks) drain(world, run, *run.plan->participant(rank), 0);
}

bool draw(World& world) {
  std::vector<std::pair<Nanos, ActorId>> waiting;
  for (std::size_t i = 0; i < world.actors.size(); ++i) {
    const ActorId id{static_cast<int>(i)};
    ActorState& actor = world.actors[i];
    if (!parked(world, actor, id)) continue;
    if (actor.idle_since < Nanos{0}) actor.idle_since = world.now;
    waiting.emplace_back(actor.idle_since, id);
  }
  std::sort(waiting.begin(), waiting.end());
  bool any = false;
  for (const auto& [since, id] : waiting)
    any = (world.program->actors[index(id)].source == program::Source::queue ? draw_request(world, id)
                                                                             : draw_latent(world, id)) ||
          any;
  return any;
}

bool deliver(World& world) {
  std::vector<Run*> handed = std::exchange(world.handed, {});
  std::sort(handed.begin(), handed.end(), [](const Run* a, const Run* b) {
    return std::tuple(a->unit.actor, a->position) < std::tuple(b->unit.actor, b->position);
  });
  for (const Run* run : handed) {
    if (const auto& receiver = run->unit.unit->hand_to) {
      ActorState& actor = world.actor(*receiver);
      --actor.on_the_way;
      actor.latents.push_back({run->unit.bindings.request, run->unit.bindings.latent_slot});
    }
    ActorState& own = world.actor(run->unit.actor);
    if (run->last_of_request && !own.slots.empty())
      own.slots[static_cast<std::size_t>(run->unit.bindings.latent_slot)] = false;
  }
  return !handed.empty();
}

bool take_slot(World& world, ActorState& sender) {
  ActorState& receiver = world.actor(*sender.next->unit->hand_to);
  const auto free = std::find(receiver.slots.begin(), receiver.slots.end(), false);
  if (free == receiver.slots.end()) return false;
  *free = true;
  ++receiver.on_the_way;
  sender.next->bindings.latent_slot = static_cast<int>(free - receiver.slots.begin());
  return true;
}

}  // namespace pipedit::simulator
