#include "program/lower/memory.h"

#include <algorithm>
#include <map>

#include "models/registry.h"
#include "program/nccl_memory.h"
#include "program/op_cost.h"

namespace pipedit::program::lowering {

namespace {

Bytes& share_of(WeightBytes& bytes, const std::string& name) {
  if (name.starts_with("vae.")) return bytes.decoder;
  const bool of_text = name.starts_with("refiner.") || name.find(".text.") != std::string::npos;
  return of_text ? bytes.text : bytes.transformer;
}

// On a GPU more than the largest operation needs: the allocator's segments have holes, and products want workspaces.
constexpr Bytes kLibraryWorkspaces{300'000'000};
Bytes with_losses(Bytes workspace) { return workspace + Bytes{workspace.value / 16} + kLibraryWorkspaces; }

Bytes workspace_of(const Program& program, Rank rank) {
  Bytes largest;
  for (const Segment& segment : program.segments)
    for (const Task& task : segment.tasks)
      if (task.rank == rank && task.kind != OpKind::exchange)
        largest = std::max(largest, op_cost(program, task).workspace);
  return largest;
}

std::vector<Contributor> contributors_of(const Program& program, Rank rank, const RankMemory& memory) {
  std::map<std::string, Bytes> sizes;
  for (const Buffer& buffer : program.buffers) {
    if (buffer.rank != rank || buffer.place != Place::device) continue;
    Bytes& size = sizes[buffer.role];
    size = std::max(size, buffer.extent.size() * buffer.copies);
  }
  if (memory.weights.value > 0) sizes["weights"] = memory.weights;
  if (memory.workspace.value > 0) sizes["workspace"] = memory.workspace;
  if (memory.transport.value > 0) sizes["transport"] = memory.transport;
  std::vector<Contributor> contributors;
  for (const auto& [role, size] : sizes) contributors.push_back({role, size});
  std::stable_sort(contributors.begin(), contributors.end(),
                   [](const Contributor& a, const Contributor& b) { return a.size > b.size; });
  return contributors;
}

}  // namespace

Bytes WeightBytes::of(WeightNeeds needs) const {
  return (needs.transformer ? transformer : Bytes{}) + (needs.text ? text : Bytes{}) +
         (needs.decoder ? decoder : Bytes{});
}

WeightBytes weight_bytes(const models::Model& model) {
  const std::int64_t element = model.dtype == models::Dtype::bf16 ? 2 : 4;
  WeightBytes bytes;
  for (const models::WeightSpec& spec : models::weights_of(model))
    share_of(bytes, spec.name) += Bytes{models::elements(spec.shape) * element};
  return bytes;
}

void account_memory(Program& program, const std::vector<BufferTable::Sizes>& sizes, const std::vector<Bytes>& weights,
                    DeviceKind kind) {
  for (std::size_t rank = 0; rank < sizes.size(); ++rank) {
    RankMemory memory;
    memory.arena = sizes[rank].device;
    memory.pinned = sizes[rank].pinned;
    memory.weights = weights[rank];
    memory.workspace = workspace_of(program, Rank{static_cast<int>(rank)});
    if (kind == DeviceKind::gpu && memory.arena.value > 0) memory.workspace = with_losses(memory.workspace);
    memory.transport = nccl_memory(program, Rank{static_cast<int>(rank)});
    memory.contributors = contributors_of(program, Rank{static_cast<int>(rank)}, memory);
    program.memory.push_back(std::move(memory));
  }
}

}  // namespace pipedit::program::lowering
