#pragma once

#include "program/program.h"

// Device memory that the transport nccl takes beside the program's buffers.
namespace pipedit::program {

// For parts whose slots are no runs of bytes: NCCL sends and receives runs. What one exchange needs at most.
Bytes nccl_staging(const Program&, Rank);

// With what NCCL takes for its connections, where the rank has any.
Bytes nccl_memory(const Program&, Rank);

}  // namespace pipedit::program
