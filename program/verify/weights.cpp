#include "program/verify/weights.h"

#include <map>

namespace pipedit::program {

namespace {

bool has_weights(OpKind kind) {
  switch (kind) {
    case OpKind::refine_constants:
    case OpKind::condition:
    case OpKind::modulation:
    case OpKind::embed_video:
    case OpKind::refine:
    case OpKind::project_v:
    case OpKind::project_k:
    case OpKind::project_q:
    case OpKind::pack_k:  // of the norms
    case OpKind::pack_q:
    case OpKind::out_project:
    case OpKind::mlp_up:
    case OpKind::mlp_down:
    case OpKind::final_layer:
    case OpKind::decode_tile:
      return true;
    default:
      return false;
  }
}

Phase phase_of(const Unit& unit) { return unit.kind == UnitKind::decode ? Phase::decode : Phase::denoise; }

template <class Visit>
void for_each_segment(const Unit& unit, Visit visit) {
  for (const Alternative& alternative : unit.alternatives)
    for (const Call& call : alternative.calls) visit(call.segment);
}

using Loaded = std::map<std::pair<Rank, Phase>, Region>;

Loaded loaded_by(const Program& program, const std::vector<Unit>& script) {
  Loaded loaded;
  for (const Unit& unit : script)
    for_each_segment(unit, [&](SegmentId id) {
      for (const Task& task : program.segment(id).tasks)
        if (task.kind == OpKind::load_weights) loaded[{task.rank, phase_of(unit)}] = task.writes.front();
    });
  return loaded;
}

}  // namespace

std::vector<std::vector<std::optional<Region>>> weights_used(const Program& program) {
  std::vector<std::vector<std::optional<Region>>> used;
  for (const Segment& segment : program.segments) used.emplace_back(segment.tasks.size());
  for (const Actor& actor : program.actors)
    for (const std::vector<Unit>& script : actor.scripts) {
      const Loaded loaded = loaded_by(program, script);
      if (loaded.empty()) continue;
      for (const Unit& unit : script)
        for_each_segment(unit, [&](SegmentId id) {
          const std::vector<Task>& tasks = program.segment(id).tasks;
          for (std::size_t task = 0; task < tasks.size(); ++task) {
            const auto found = loaded.find({tasks[task].rank, phase_of(unit)});
            if (found != loaded.end() && has_weights(tasks[task].kind)) used[index(id)][task] = found->second;
          }
        });
    }
  return used;
}

}  // namespace pipedit::program
