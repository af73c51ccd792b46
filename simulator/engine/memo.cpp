#include "simulator/engine/memo.h"

#include <algorithm>

#include "simulator/engine/actors.h"
#include "simulator/engine/completion.h"
#include "simulator/engine/hosts.h"
#include "simulator/engine/resources.h"
#include "simulator/engine/turns.h"

namespace pipedit::simulator {

namespace {

const program::Unit* following(const World& world, const Run& run) {
  const ActorState& actor = world.actors[index(run.unit.actor)];
  if (run.position + 1 < actor.log.size()) return actor.log[run.position + 1]->unit.unit;
  return actor.next ? actor.next->unit : nullptr;
}

std::vector<RankMark> marks(const World& world, const Run& run) {
  std::vector<RankMark> marks;
  for (std::size_t p = 0; p < run.plan->ranks.size(); ++p) {
    const int rank = run.plan->ranks[p];
    const Host& host = at(world.ranks, rank).host;
    const Nanos busy = host.busy_until < Nanos{0} ? Nanos{-1} : host.busy_until - world.now;
    marks.push_back({host.entry - run.entry[p], host.place, busy, age_of_turn(world, rank)});
  }
  return marks;
}

bool is_appended(const World& world, const Run& run) {
  return run.position + 1 < world.actors[index(run.unit.actor)].log.size();
}

// A hand-over will find a slot, whenever the first rank's host comes to it: nobody else takes one.
bool sure_of_slot(const World& world, const Run& run, const program::Unit& hand) {
  const std::vector<bool>& slots = world.actors[index(*hand.hand_to)].slots;
  const bool free = std::find(slots.begin(), slots.end(), false) != slots.end();
  return (is_appended(world, run) || free) && only_giver(world, run.unit.actor, *hand.hand_to);
}

// Only steps whose end is a barrier, whose followers wait for nobody, and before which everything is done.
bool stands_alone(const World& world, const Run& run) {
  const program::Unit* next = following(world, run);
  if (run.unit.bindings.step < 0 || run.left == 0 || run.plan->lingers || next == nullptr) return false;
  if (next->hand_to && !sure_of_slot(world, run, *next)) return false;
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
  const int actor = static_cast<int>(run.unit.actor);
  if (outcome.append >= Nanos{0})
    world.agenda.add({.time = world.now + outcome.append, .kind = EventKind::skip_append, .id = actor});
  world.agenda.add({.time = world.now + outcome.duration, .kind = EventKind::skip_done, .id = actor});
}

void place_rank(World& world, int id, int entry, const RankMark& mark) {
  Host& host = world.rank(id).host;
  host.entry = entry + mark.entry;
  host.place = mark.place;
  if (mark.busy >= Nanos{0}) {
    host.busy_until = world.now + mark.busy;
    world.agenda.add({host.busy_until, EventKind::host_done, id, ++host.version});
  }
  host.frozen = false;
  wake_host(world, id);
  if (mark.turn >= Nanos{0}) resume_turn(world, id, mark.turn);
}

Nanos append_time(const World& world, const Run& run) {
  if (!is_appended(world, run)) return Nanos{-1};
  const Run& next = *world.actors[index(run.unit.actor)].log[run.position + 1];
  return next.appended - run.start;
}

}  // namespace

bool reuse(StepMemo& memo, World& world, Run& run) {
  if (!stands_alone(world, run) || !memo.resources.untouched(world, run)) return false;
  StepKey key{.plan = run.plan,
              .following = following(world, run),
              .appended = is_appended(world, run),
              .ranks = marks(world, run)};
  const auto known = memo.outcomes.find(key);
  if (known == memo.outcomes.end()) {
    memo.recording.emplace(&run, std::move(key));
    return false;
  }
  skip(memo, world, run, known->second);
  return true;
}

void skip_append(World& world, int actor) {
  extend(world, static_cast<int>(at(world.program->actors, actor).ranks.front()));
}

void skip_done(StepMemo& memo, World& world, int actor) {
  Run& run = *at(world.actors, actor).current;
  const StepOutcome& outcome = *memo.skipping.at(&run);
  run.history = outcome.history;
  run.end = world.now;
  run.barrier_left = run.left = 0;
  run.finished = true;
  world.recorder.occurrence(run);
  ++world.recorder.steps_reused;
  for (std::size_t p = 0; p < run.plan->ranks.size(); ++p) {
    drain(world, run, static_cast<int>(p), run.plan->drain[p]);
    place_rank(world, run.plan->ranks[p], run.entry[p], outcome.ranks[p]);
  }
  memo.skipping.erase(&run);
  world.actors_dirty = true;
}

void note_step(StepMemo& memo, World& world, const Run& run) {
  const auto recorded = memo.recording.find(&run);
  if (recorded == memo.recording.end()) return;
  const Nanos append = recorded->second.appended ? Nanos{-1} : append_time(world, run);
  memo.outcomes.emplace(std::move(recorded->second),
                        StepOutcome{run.history, append, run.end - run.start, marks(world, run)});
  memo.recording.erase(recorded);
}

}  // namespace pipedit::simulator
