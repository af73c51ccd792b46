#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/space.h"

namespace pipedit::planner {

// What of the space is looked at. Groups, chunks, rows, fill and lent heads are those of every pipeline of a plan.
struct Constraints {
  std::optional<std::string> family;
  std::optional<int> denoise, decode;  // decode 0: co-located
  std::optional<int> lent, rows;
  std::optional<int> replicas, ranks;      // pipelines; ranks used by all of them
  std::optional<std::vector<int>> chunks;  // what the list leaves of a rank's items is in its last chunk
  std::optional<bool> fill;
  std::optional<Transport> transport;
  std::optional<Memory> memory;
  friend bool operator==(const Constraints&, const Constraints&) = default;
};

// "denoise=5", "decode=3", "chunks=2,1", "rows=2", "fill=off", "lent=3", "replicas=2", "ranks=8", "transport=nccl",
// "memory=offload". Throws InputError that lists the axes, or what the axis takes; also when an axis is fixed twice.
void fix(Constraints&, std::string_view axis_and_value);

// A name of a family. Throws InputError that lists them.
void only(Constraints&, std::string_view family);

// Throws InputError where an axis asks for what the cluster or the model lacks: "ranks=9: cluster cpu has 8".
void check(const Constraints&, const Cluster&, int heads);

bool allows(const Constraints&, const Cut&);
bool allows(const Constraints&, Group, const Details&, int heads);

}  // namespace pipedit::planner
