#include "program/script.h"

#include <fmt/format.h>

namespace pipedit::program {

std::vector<CallInstance> calls_of(const Program& program, const UnitInstance& unit) {
  std::vector<CallInstance> calls;
  for (const Call& call : unit.chosen().calls) {
    const Segment& segment = program.segment(call.segment);
    if (call.blocks == 0) calls.push_back({&segment, call.segment, unit.bindings});
    for (int block = 0; block < call.blocks; ++block) {
      calls.push_back({&segment, call.segment, unit.bindings});
      calls.back().bindings.block = block;
    }
  }
  return calls;
}

ScriptCursor::ScriptCursor(const Program& program, ActorId actor) : program_(&program), actor_(actor) {}

void ScriptCursor::begin(RequestId request, int latent_slot) {
  const auto shape = static_cast<std::size_t>(program_->request_shapes[index(request)]);
  script_ = &program_->actors[index(actor_)].scripts[shape];
  request_ = request;
  latent_slot_ = latent_slot;
  ++ordinal_;
  unit_ = 0;
  repetition_ = 0;
}

std::optional<UnitInstance> ScriptCursor::next() {
  if (script_ == nullptr || unit_ == script_->size()) return std::nullopt;
  const Unit& unit = (*script_)[unit_];
  UnitInstance instance{.actor = actor_, .unit = &unit, .alternative = 0, .bindings = {}, .ordinal = ordinal_};
  instance.bindings.request = request_;
  instance.bindings.latent_slot = latent_slot_;
  if (unit.kind == UnitKind::step) instance.bindings.step = repetition_;
  if (++repetition_ == unit.repeat) {
    ++unit_;
    repetition_ = 0;
  }
  return instance;
}

int copy_of(const Buffer& buffer, const Bindings& bindings) {
  switch (buffer.copy_by) {
    case CopyBy::none:
      return 0;
    case CopyBy::block:
      return bindings.block;
    case CopyBy::latent_slot:
      return bindings.latent_slot;
  }
  return 0;
}

std::string task_name(const UnitInstance& unit, const CallInstance& call, const Task& task) {
  std::string name = fmt::format("request {}", index(unit.bindings.request));
  if (unit.bindings.step >= 0) name += fmt::format(" / step {}", unit.bindings.step);
  name += fmt::format(" / {}", call.segment->name);
  if (call.bindings.block >= 0) name += fmt::format(" {}", call.bindings.block);
  return name + fmt::format(" / {} @ rank {}", label(task), index(task.rank));
}

std::vector<SegmentNames> segment_names(const Program& program) {
  std::vector<SegmentNames> names;
  for (const Segment& segment : program.segments) {
    SegmentNames entry{.name = segment.name, .tasks = {}};
    for (const Task& task : segment.tasks)
      entry.tasks.push_back({.name = label(task),
                             .kind = std::string(name_of(task.kind)),
                             .rank = task.rank,
                             .lane = std::string(name_of(task.lane))});
    names.push_back(std::move(entry));
  }
  return names;
}

}  // namespace pipedit::program
