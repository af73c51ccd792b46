#include "program/verify/scripts.h"

#include <algorithm>

#include <fmt/format.h>

namespace pipedit::program {

namespace {

bool holds(const std::vector<Rank>& ranks, Rank rank) { return std::ranges::find(ranks, rank) != ranks.end(); }

class ScriptCheck {
 public:
  ScriptCheck(const Program& program, const Actor& actor, Faults& faults)
      : program_(program), actor_(actor), faults_(faults) {}

  void run() {
    for (const std::vector<Unit>& script : actor_.scripts)
      for (const Unit& unit : script) check(unit);
  }

 private:
  bool is_actor(ActorId id) const { return index(id) < program_.actors.size(); }

  void check(const Unit& unit) {
    if (unit.alternatives.empty()) return fault("has a unit without alternatives");
    if (unit.repeat < 1) fault("has a unit that is never repeated");
    if (unit.helpers && !is_actor(*unit.helpers)) return fault("borrows from an actor that the program does not have");
    if (unit.hand_to && !is_actor(*unit.hand_to)) return fault("hands to an actor that the program does not have");
    if ((unit.kind == UnitKind::hand) != unit.hand_to.has_value())
      fault("has a hand-over without a receiver, or the reverse");
    for (const Alternative& alternative : unit.alternatives) check(unit, alternative);
  }

  void check(const Unit& unit, const Alternative& alternative) {
    for (const Rank rank : alternative.lent)
      if (!unit.helpers || !holds(program_.actors[index(*unit.helpers)].ranks, rank))
        fault(fmt::format("borrows rank {}, which is not its helpers'", index(rank)));
    for (const Call& call : alternative.calls) {
      if (index(call.segment) >= program_.segments.size()) {
        fault("calls a segment that the program does not have");
        continue;
      }
      check(unit, alternative, call);
    }
  }

  void check(const Unit& unit, const Alternative& alternative, const Call& call) {
    const Segment& segment = program_.segment(call.segment);
    const auto takes_part = [&](Rank rank) {
      return holds(actor_.ranks, rank) || holds(alternative.lent, rank) ||
             (unit.hand_to && holds(program_.actors[index(*unit.hand_to)].ranks, rank));
    };
    for (const Task& task : segment.tasks) {
      if (!takes_part(task.rank)) fault(segment, task, "is on a rank that does not take part");
      for (const Wait& wait : task.waits)
        if (const auto* tail = std::get_if<Tail>(&wait); tail != nullptr && !takes_part(tail->rank))
          fault(segment, task, "waits for a lane of a rank that does not take part");
      for (const auto* regions : {&task.reads, &task.writes})
        for (const Region& region : *regions) check_copies(segment, task, region, call.blocks);
    }
  }

  void check_copies(const Segment& segment, const Task& task, const Region& region, int blocks) {
    if (index(region.buffer) >= program_.buffers.size()) return;
    const Buffer& buffer = program_.buffer(region.buffer);
    if (buffer.copy_by == CopyBy::block && buffer.copies < std::max(1, blocks))
      fault(segment, task, fmt::format("needs {} copies of {}, which has {}", blocks, buffer.role, buffer.copies));
    if (buffer.copy_by == CopyBy::block && blocks == 0)
      fault(segment, task, fmt::format("is not called block by block, and {} has a copy a block", buffer.role));
  }

  void fault(const std::string& why) { faults_.add(FaultKind::structure, fmt::format("{} {}", actor_.name, why)); }
  void fault(const Segment& segment, const Task& task, const std::string& why) {
    faults_.add(FaultKind::structure, fmt::format("{} / {} / {} @ rank {} {}", actor_.name, segment.name, label(task),
                                                  index(task.rank), why));
  }

  const Program& program_;
  const Actor& actor_;
  Faults& faults_;
};

void check_owners(const Program& program, Faults& faults) {
  std::vector<const Actor*> owners(static_cast<std::size_t>(program.ranks()), nullptr);
  for (const Actor& actor : program.actors)
    for (const Rank rank : actor.ranks) {
      if (index(rank) >= owners.size()) {
        faults.add(FaultKind::structure,
                   fmt::format("{} has rank {}, the program has {}", actor.name, index(rank), owners.size()));
      } else if (owners[index(rank)] != nullptr) {
        faults.add(FaultKind::structure,
                   fmt::format("rank {} belongs to {} and to {}", index(rank), owners[index(rank)]->name, actor.name));
      } else {
        owners[index(rank)] = &actor;
      }
    }
}

void check_requests(const Program& program, Faults& faults) {
  for (const int shape : program.request_shapes)
    for (const Actor& actor : program.actors)
      if (shape < 0 || shape >= static_cast<int>(actor.scripts.size()))
        faults.add(FaultKind::structure, fmt::format("{} has no script for request shape {}", actor.name, shape));
}

}  // namespace

void check_scripts(const Program& program, Faults& faults) {
  check_owners(program, faults);
  check_requests(program, faults);
  for (const Actor& actor : program.actors) ScriptCheck(program, actor, faults).run();
}

}  // namespace pipedit::program
