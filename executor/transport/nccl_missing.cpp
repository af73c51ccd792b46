#include "core/error.h"
#include "executor/transport/nccl.h"

namespace pipedit::executor {

bool is_built_with_nccl() { return false; }

std::unique_ptr<PartTransport> make_nccl_transport(const program::Program&, CudaBackend&) {
  throw Error("this PipeDiT was built without NCCL: use the transport peer or staged");
}

}  // namespace pipedit::executor
