#include "executor/weights/loaded_weights.h"

#include <fmt/format.h>

#include "core/error.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor {

using namespace program;

namespace {

// The whole buffer, which has one copy: no binding matters.
View view_of(const Program& program, const Addresses& addresses, BufferId id) {
  const Extent& extent = program.buffer(id).extent;
  return addresses.view({id, {0, extent.slots}, {0, extent.rows}}, {});
}

void check_size(const WeightPlace& place, const at::Tensor& weight) {
  if (static_cast<std::int64_t>(weight.nbytes()) != place.size.value)
    throw Error(fmt::format("weight {} has {} bytes on the host, the program loads {}", place.name, weight.nbytes(),
                            place.size.value));
}

WeightStore views_of(const WeightSet& set, const View& buffer, const WeightStore& host) {
  WeightStore store;
  for (const WeightPlace& place : set.places) {
    const at::Tensor& weight = host.at(place.name);
    check_size(place, weight);
    store.insert(place.name,
                 tensor_at(buffer.data + place.offset.value, weight.sizes(), weight.scalar_type(), buffer.gpu));
  }
  return store;
}

}  // namespace

LoadedWeights::LoadedWeights(const Program& program, const Addresses& addresses, const Job& job)
    : stores_(program.buffers.size()) {
  for (std::size_t id = 0; id < stores_.size(); ++id)
    if (const auto set = program.buffers[id].holds)
      stores_[id] = views_of(program.weight_sets.at(index(*set)),
                             view_of(program, addresses, BufferId{static_cast<int>(id)}), *job.host_copy());
}

const WeightStore* LoadedWeights::in(BufferId buffer) const {
  const WeightStore& store = stores_.at(index(buffer));
  return store.tensors().empty() ? nullptr : &store;
}

const WeightStore* LoadedWeights::of(const Task& task) const {
  if (task.kind == OpKind::load_weights && !task.writes.empty()) return in(task.writes.front().buffer);
  return task.loaded_weights ? in(*task.loaded_weights) : nullptr;
}

}  // namespace pipedit::executor
