#include "executor/transport/nccl_comm.h"

#include <chrono>
#include <string_view>

#include <fmt/format.h>

#include "core/error.h"
#include "executor/backend.h"
#include "executor/backends/cuda/check.h"

namespace pipedit::executor {

void check(ncclResult_t status, std::source_location place) {
  if (status == ncclSuccess) return;
  const std::string_view file = place.file_name();
  throw Error(
      fmt::format("NCCL: {} (at {}:{})", ncclGetErrorString(status), file.substr(file.rfind('/') + 1), place.line()));
}

void NcclComm::begin(int rank, int ranks, const ncclUniqueId& id) {
  const OnDevice here(device_);
  ncclComm_t comm = nullptr;
  const ncclResult_t begun = ncclCommInitRank(&comm, ranks, id, rank);
  comm_ = comm;
  check(begun);
}

void NcclComm::stop_if_aborted() const {
  if (aborted_) throw Stopped{};
}

void NcclComm::check_state() {
  with([](ncclComm_t comm) {
    ncclResult_t result = ncclSuccess;
    check(ncclCommGetAsyncError(comm, &result));
    check(result);
  });
}

void NcclComm::begin_close() {
  with([](ncclComm_t comm) { check(ncclCommFinalize(comm)); });
}

void NcclComm::close() {
  const std::lock_guard lock(mutex_);
  check(ncclCommDestroy(comm_.exchange(nullptr)));
}

// A call that does not end, since its stream is full of exchanges that wait for a peer, ends when they are aborted.
void NcclComm::abort() noexcept {
  constexpr auto kOfACall = std::chrono::milliseconds(500);
  if (aborted_.exchange(true)) return;
  std::unique_lock lock(mutex_, kOfACall);
  if (const ncclComm_t comm = comm_.exchange(nullptr)) ncclCommAbort(comm);
}

}  // namespace pipedit::executor
