#pragma once

#include <array>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "core/ids.h"
#include "executor/kernels/rope.h"
#include "models/model.h"

namespace pipedit::executor {

// What a rank's operations need again and again and does not depend on the request's content, of one model. One thread
// uses it.
class OpCache {
 public:
  // Tables for rows of the joint sequence of a video whose grid of tokens is given.
  const kernels::RopeTables& rope(const models::DitConfig&, std::array<std::int64_t, 3> grid, Range rows, at::Device);

 private:
  using RopeKey = std::tuple<std::array<std::int64_t, 3>, Range, std::string>;  // grid, rows, device
  std::map<RopeKey, kernels::RopeTables> rope_;
};

// One for each rank, made when first asked for; from any thread. They outlive a run: what a short one made, a long one
// finds.
class OpCaches {
 public:
  OpCache& of(Rank);

 private:
  std::mutex mutex_;
  std::map<Rank, OpCache> caches_;
};

}  // namespace pipedit::executor
