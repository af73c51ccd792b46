#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/cluster.h"
#include "program/program.h"

namespace pipedit::profiler {

// One thing to measure, and where in a program it occurs.
struct Point {
  std::string kind;  // a profile's name for it (program/op_cost.h)
  std::vector<std::int64_t> dims;
  const program::Program* program = nullptr;
  const program::Segment* segment = nullptr;
  const program::Task* task = nullptr;  // of an exchange: one that sends
  const program::Part* part = nullptr;  // of an exchange
  Transport transport = Transport::host;
};

// What the programs consist of, each (kind, dims) once, sorted by them. Tasks that hand results out of a run
// (write_frames, save_latent) are left to measure_results. The programs outlive the points.
std::vector<Point> points_of(std::span<const program::Program>);

}  // namespace pipedit::profiler
