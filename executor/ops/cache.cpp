#include "executor/ops/cache.h"

namespace pipedit::executor {

const kernels::RopeTables& OpCache::rope(const models::DitConfig& dit, std::array<std::int64_t, 3> grid, Range rows,
                                         at::Device device) {
  const RopeKey key{grid, rows, device.str()};
  const auto found = rope_.find(key);
  if (found != rope_.end()) return found->second;
  const kernels::RopeTables tables = kernels::rope_tables(grid, dit.rope_dims_thw, dit.rope_theta, rows);
  return rope_.emplace(key, kernels::RopeTables{tables.cos.to(device), tables.sin.to(device)}).first->second;
}

OpCache& OpCaches::of(Rank rank) {
  const std::lock_guard lock(mutex_);
  return caches_[rank];
}

}  // namespace pipedit::executor
