#pragma once

#include <span>

#include "core/cluster.h"
#include "program/program.h"

namespace pipedit::profiler {

// One rank sends these sizes to another, one after the other, each as one run of bytes. A stretch of it measures a
// transport alone.
program::Program copies_program(Transport, std::span<const Bytes> sizes);

// What exchanges of plans are made of and more: 64 KiB to 256 MiB, each four times the one before.
std::vector<Bytes> sizes_to_copy();

}  // namespace pipedit::profiler
