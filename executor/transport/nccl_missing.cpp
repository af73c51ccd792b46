#include "core/error.h"
#include "executor/transport/nccl.h"

namespace pipedit::executor {

std::unique_ptr<PartTransport> make_nccl_transport(const program::Program&) {
  throw Error("this PipeDiT was built without NCCL: use the transport peer or staged");
}

}  // namespace pipedit::executor
