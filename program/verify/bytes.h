#pragma once

#include "program/program.h"

// Which bytes of a rank's memory a box of a buffer is.
namespace pipedit::program {

// `count` runs of bytes, the first at `start`, each `stride` after the one before.
struct Runs {
  std::int64_t start = 0, run = 0, stride = 0, count = 0;
  std::int64_t end() const { return count == 0 ? start : start + (count - 1) * stride + run; }
};

Runs runs_of(const Buffer&, int copy, Range slots, Range rows);
bool overlap(const Runs&, const Runs&);

// All copies.
Range bytes_of(const Buffer&);

}  // namespace pipedit::program
