#pragma once

#include <span>
#include <utility>
#include <vector>

#include "core/cluster.h"
#include "program/program.h"

namespace pipedit::profiler {

using Route = std::pair<Rank, Rank>;  // from, to

// One exchange after another, one for each of these sizes, in which a part of that size, one run of bytes, goes every
// route. Rank r is on devices[r].
program::Program exchanges_program(Transport, std::span<const Bytes> sizes, std::span<const Route>,
                                   std::vector<DeviceId> devices);

// One rank sends to another of its device. A stretch of it measures a transport alone.
program::Program copies_program(Transport, std::span<const Bytes> sizes);

// What exchanges of plans are made of and more: 64 KiB to 256 MiB, each four times the one before.
std::vector<Bytes> sizes_to_copy();

}  // namespace pipedit::profiler
