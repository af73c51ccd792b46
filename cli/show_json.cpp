#include "cli/json_answers.h"
#include "core/json.h"

namespace pipedit::cli {

namespace {

Json memory_of(const program::RankMemory& memory) {
  return {{"peak_bytes", memory.device().value},       {"arena_bytes", memory.arena.value},
          {"weights_bytes", memory.weights.value},     {"workspace_bytes", memory.workspace.value},
          {"transport_bytes", memory.transport.value}, {"pinned_bytes", memory.pinned.value}};
}

}  // namespace

std::string json_of(const Shown& shown) {
  Json answer = Json::object();
  std::size_t tasks = 0;
  for (const program::Segment& segment : shown.program.segments) tasks += segment.tasks.size();
  answer["plan"] = shown.program.plan;
  answer["actors"] = Json::array();
  for (const program::Actor& actor : shown.program.actors) answer["actors"].push_back(actor.name);
  answer["segments"] = shown.program.segments.size();
  answer["tasks"] = tasks;
  answer["buffers"] = shown.program.buffers.size();
  answer["ranks"] = Json::array();
  for (const program::RankMemory& memory : shown.program.memory) answer["ranks"].push_back(memory_of(memory));
  answer["fits"] = !shown.does_not_fit;
  answer["reason"] = shown.does_not_fit ? Json(*shown.does_not_fit) : Json();
  answer["faults"] = Json::array();
  for (const program::Fault& fault : shown.faults) answer["faults"].push_back(fault.message);
  return to_text(answer);
}

}  // namespace pipedit::cli
