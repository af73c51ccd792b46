#pragma once

#include <cuda_runtime_api.h>

#include "executor/ops/op.h"

// Copies of a box of bytes to an equal one, enqueued to a stream. Both ends may be memory of any GPU or pinned.
namespace pipedit::executor {

// By the copy engines.
void copy_by_engine(const View& source, const View& target, cudaStream_t);

// By a kernel of the stream's GPU, which must reach both ends.
void copy_by_kernel(const View& source, const View& target, cudaStream_t);

// The same box with slots and rows next to each other at `data`.
View dense(const View& like, std::byte* data, int gpu);
std::int64_t bytes_of(const View&);

// Whether the box is a run of bytes for each slot.
bool slots_are_runs(const View&);

}  // namespace pipedit::executor
