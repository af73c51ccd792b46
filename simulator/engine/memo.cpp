#include "simulator/engine/memo.h"

#include <algorithm>

#include "simulator/engine/actors.h"
#include "simulator/engine/hosts.h"
#include "simulator/engine/lanes.h"
#include "simulator/engine/resources.h"

namespace pipedit::simulator {

namespace {

const program::Unit* following(const World& world, const Run& run) {
  const ActorState& actor = world.actors[index(run.unit.actor)];
  if (run.position + 1 < actor.log.size()) return actor.log[run.position + 1]->unit.unit;
  return actor.next ? actor.next->unit : nullptr;
}

std::vector<HostMark> marks(const World& world, const Run& run) {
  std::vector<HostMark> marks;
  for (std::size_t p = 0; p < run.plan->ranks.size(); ++p) {
    const Host& host = world.ranks[static_cast<std::size_t>(run.plan->ranks[p])].host;
    const Nanos busy = host.busy_until < Nanos{0} ? Nanos{-1} : host.busy_until - world.now;
    marks.push_back({host.entry - run.entry[p], host.place, busy});
  }
  return marks;
}

// Only steps whose end is a barrier, whose followers wait for nobody, and before which everything is done.
bool stands_alone(const World& world, const Run& run) {
  const program::Unit* next = following(world, run);
  if (run.unit.bindings.step < 0 || run.left == 0 || run.plan->lingers || next == nullptr || next->hand_to)
    return false;
  for (std::size_t p = 0; p < run.plan->ranks.size(); ++p) {
    const RankState& rank = world.ranks[static_cast<std::size_t>(run.plan->ranks[p])];
    if (rank.first_open < run.entry[p] || rank.host.entry < run.entry[p]) return false;
    for (std::size_t later = static_cast<std::size_t>(run.entry[p]) + 1; later < rank.log.size(); ++later)
      if (rank.log[later].run->unit.actor != run.unit.actor) return false;
  }
  return std::all_of(run.waits.begin(), run.waits.end(),
                     [](const OuterWait& wait) { return wait.target->task_done(wait.target_node); });
}

void skip(StepMemo& memo, World& world, Run& run, const StepOutcome& outcome) {
  run.skipped = true;
  memo.skipping[&run] = &outcome;
  for (const int id : run.plan->ranks) {
    Host& host = world.rank(id).host;
    host.frozen = true;
    host.busy_until = Nanos{-1};
    ++host.version;
  }
  world.agenda.add(
      {.time = world.now + outcome.duration, .kind = EventKind::skip_done, .id = static_cast<int>(run.unit.actor)});
}

void place_host(World& world, int id, int entry, const HostMark& mark) {
  Host& host = world.rank(id).host;
  host.entry = entry + mark.entry;
  host.place = mark.place;
  if (mark.busy >= Nanos{0}) {
    host.busy_until = world.now + mark.busy;
    world.agenda.add({host.busy_until, EventKind::host_done, id, ++host.version});
  }
  host.frozen = false;
  wake_host(world, id);
}

bool is_ahead(const HostMark& mark) {
  return mark.entry > 1 || (mark.entry == 1 && (mark.place > 0 || mark.busy >= Nanos{0}));
}

}  // namespace

bool reuse(StepMemo& memo, World& world, Run& run) {
  if (!stands_alone(world, run) || !memo.resources.untouched(world, run)) return false;
  StepKey key{.plan = run.plan, .following = following(world, run), .hosts = marks(world, run)};
  const auto known = memo.outcomes.find(key);
  if (known == memo.outcomes.end()) {
    memo.recording.emplace(&run, std::move(key));
    return false;
  }
  skip(memo, world, run, known->second);
  return true;
}

void skip_done(StepMemo& memo, World& world, int actor) {
  Run& run = *world.actors[static_cast<std::size_t>(actor)].current;
  const StepOutcome& outcome = *memo.skipping.at(&run);
  run.history = outcome.history;
  run.end = world.now;
  run.barrier_left = run.left = 0;
  run.finished = true;
  world.recorder.occurrence(run);
  ++world.recorder.steps_reused;
  const bool ahead = std::any_of(outcome.hosts.begin(), outcome.hosts.end(), is_ahead);
  if (ahead && world.actors[static_cast<std::size_t>(actor)].log.size() == run.position + 1)
    extend(world, run.plan->ranks.front());
  for (std::size_t p = 0; p < run.plan->ranks.size(); ++p) {
    drain(world, run, static_cast<int>(p), run.plan->drain[p]);
    place_host(world, run.plan->ranks[p], run.entry[p], outcome.hosts[p]);
  }
  memo.skipping.erase(&run);
  world.actors_dirty = true;
}

void note_step(StepMemo& memo, World& world, const Run& run) {
  const auto recorded = memo.recording.find(&run);
  if (recorded == memo.recording.end()) return;
  memo.outcomes.emplace(std::move(recorded->second), StepOutcome{run.history, run.end - run.start, marks(world, run)});
  memo.recording.erase(recorded);
}

}  // namespace pipedit::simulator
