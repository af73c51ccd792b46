#pragma once

#include <memory>

#include "executor/transport/transport.h"

namespace pipedit::executor {

class CudaBackend;

// NCCL, grouped sends and receives, on the members' streams; a part whose rows do not follow one another goes through
// staging memory of its rank. NVLink multicast stays off. Communicators are the backend's: they outlive a run that
// did not fail, since making them takes most of a second.
//
// Throws Error where two ranks share a GPU, which NCCL refuses, where a communicator cannot be made, and where PipeDiT
// was built without NCCL.
std::unique_ptr<PartTransport> make_nccl_transport(const program::Program&, CudaBackend&);

bool is_built_with_nccl();

}  // namespace pipedit::executor
