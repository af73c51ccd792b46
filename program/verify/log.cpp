#include "program/verify/log.h"

#include <algorithm>
#include <map>
#include <utility>

namespace pipedit::program {

Program shortened(const Program& program) {
  Program result = program;
  for (Actor& actor : result.actors)
    for (std::vector<Unit>& script : actor.scripts)
      for (Unit& unit : script) {
        unit.repeat = std::min(unit.repeat, 2);
        for (Alternative& alternative : unit.alternatives)
          for (Call& call : alternative.calls) call.blocks = std::min(call.blocks, 2);
      }
  return result;
}

namespace {

int alternatives_of(const std::vector<Unit>& script) {
  std::size_t most = 1;
  for (const Unit& unit : script) most = std::max(most, unit.alternatives.size());
  return static_cast<int>(most);
}

class Unroller {
 public:
  Unroller(const Program& program, const Choice& choice) : program_(program), choice_(choice) {}

  Log run(ActorId actor) {
    for (int request = 0; request < static_cast<int>(choice_.shapes.size()); ++request)
      add_request(actor, RequestId{request}, 0, {});
    return std::move(log_);
  }

 private:
  // `after`: what the first unit comes after.
  void add_request(ActorId actor, RequestId request, int slot, std::vector<int> after) {
    ScriptCursor cursor(program_, actor);
    cursor.begin(request, slot);
    int steps = 0;
    while (std::optional<UnitInstance> unit = cursor.next()) {
      unit->ordinal = static_cast<int>(index(request));
      if (unit->unit->alternatives.size() > 1) unit->alternative = steps++ % 2 == 0 ? choice_.first : choice_.second;
      if (unit->unit->hand_to) {
        add_hand(*unit);
      } else {
        log_.push_back({*unit, calls_of(program_, *unit), std::exchange(after, {})});
      }
    }
  }

  // The receiver decodes what it was handed before the sender's next unit: only the edges between them say which comes
  // first.
  void add_hand(UnitInstance unit) {
    const ActorId receiver = *unit.unit->hand_to;
    const int slots = std::max(1, program_.actors[index(receiver)].latent_slots);
    const int slot = static_cast<int>(index(unit.bindings.request)) % slots;
    unit.bindings.latent_slot = slot;
    const auto last_decoding = slot_decoded_.find({receiver, slot});
    log_.push_back({unit, calls_of(program_, unit), {}});
    if (last_decoding != slot_decoded_.end()) log_.back().after.push_back(last_decoding->second);
    add_request(receiver, unit.bindings.request, slot, {static_cast<int>(log_.size()) - 1});
    slot_decoded_[{receiver, slot}] = static_cast<int>(log_.size()) - 1;
  }

  const Program& program_;
  const Choice& choice_;
  Log log_;
  std::map<std::pair<ActorId, int>, int> slot_decoded_;
};

}  // namespace

std::vector<Choice> choices(const Program& program, const Actor& actor) {
  std::vector<Choice> result;
  const int shapes = static_cast<int>(actor.scripts.size());
  for (int shape = 0; shape < shapes; ++shape) {
    if (std::ranges::find(program.request_shapes, shape) == program.request_shapes.end()) continue;
    const int alternatives = alternatives_of(actor.scripts[static_cast<std::size_t>(shape)]);
    for (int first = 0; first < alternatives; ++first)
      for (int second = 0; second < alternatives; ++second) result.push_back({{shape, shape, shape}, first, second});
    for (int other = 0; other < shapes; ++other)
      if (other != shape) result.push_back({{shape, other}, 0, alternatives - 1});
  }
  return result;
}

Log unroll(const Program& program, ActorId actor, const Choice& choice) { return Unroller(program, choice).run(actor); }

std::string name_in(const Log& log, int unit, int call, TaskId task) {
  const LoggedUnit& logged = log[static_cast<std::size_t>(unit)];
  const CallInstance& instance = logged.calls[static_cast<std::size_t>(call)];
  return task_name(logged.instance, instance, instance.segment->tasks[index(task)]);
}

}  // namespace pipedit::program
