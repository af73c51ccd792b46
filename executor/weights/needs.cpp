#include "executor/weights/needs.h"

#include <set>
#include <string_view>

namespace pipedit::executor {

using namespace program;

namespace {

struct Needs {
  bool transformer = false, text = false, decoder = false;
};

// Operations on text rows, and all of the refiner.
bool is_of_text(const Task& task) {
  return task.stream == Stream::text || task.kind == OpKind::refine || task.kind == OpKind::refine_constants;
}

void add(Needs& needs, const Task& task) {
  if (!uses_weights(task.kind) || task.loaded_weights) return;
  const bool decodes = task.kind == OpKind::decode_tile;
  needs.decoder = needs.decoder || decodes;
  needs.transformer = needs.transformer || !decodes;
  needs.text = needs.text || is_of_text(task);
}

Needs needs_of(const Program& program, DeviceId device) {
  Needs needs;
  for (const Segment& segment : program.segments)
    for (const Task& task : segment.tasks)
      if (program.devices[index(task.rank)] == device) add(needs, task);
  return needs;
}

bool is_needed(const Needs& needs, std::string_view name) {
  if (name.starts_with("vae.")) return needs.decoder;
  const bool of_text = name.starts_with("refiner.") || name.find(".text.") != std::string_view::npos;
  return of_text ? needs.text : needs.transformer;
}

}  // namespace

std::vector<models::WeightSpec> weights_on(const Program& program, DeviceId device,
                                           const std::vector<models::WeightSpec>& all) {
  const Needs needs = needs_of(program, device);
  std::vector<models::WeightSpec> some;
  for (const models::WeightSpec& spec : all)
    if (is_needed(needs, spec.name)) some.push_back(spec);
  return some;
}

std::vector<DeviceId> devices_at_work(const Program& program) {
  std::set<DeviceId> devices;
  for (const Segment& segment : program.segments)
    for (const Task& task : segment.tasks) devices.insert(program.devices[index(task.rank)]);
  return {devices.begin(), devices.end()};
}

WeightStore part_of(const WeightStore& store, const std::vector<models::WeightSpec>& specs,
                    const at::TensorOptions& options, const EachWeight& each) {
  WeightStore part;
  for (const models::WeightSpec& spec : specs) {
    part.insert(spec.name, store.at(spec.name).to(options));
    each(part.at(spec.name));
  }
  return part;
}

}  // namespace pipedit::executor
