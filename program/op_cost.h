#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/units.h"
#include "program/program.h"

// What a task costs by counting: the sizes under which a profile holds it, floating-point operations, bytes of device
// memory that it must move (each input once, each output once), and temporaries. The one table that profiler, costs and
// placement share.
namespace pipedit::program {

struct OpCost {
  // The profile's name: name_of(kind) but for products, packs of Q and K, and "write_frames.last" for those that wait
  // for the encoder.
  std::string kind;
  std::vector<std::int64_t> dims;  // see dimension_names()
  Flops flops;
  Bytes moved;
  Bytes workspace;
};

// Of any task but an exchange (whose parts cost, see part_cost). Kinds that are one GEMM share the profile kind "gemm"
// unless an activation is fused into them.
OpCost op_cost(const Program&, const Task&);

// Of moving one part: kind "exchange.host" ("exchange.local" for a part that stays on its rank), dims {bytes,
// run_bytes} where run_bytes is the longest contiguous run that both ends have.
OpCost part_cost(const Program&, Transport, const Part&);

// {"rows", "in", "out"} for "gemm", {"query_rows", "pieces", "key_rows", "head_dim"} for "attention", ...
std::vector<std::string_view> dimension_names(std::string_view kind);

}  // namespace pipedit::program
