#include "executor/transport/nccl_comm.h"

#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "core/error.h"
#include "core/units.h"
#include "executor/backend.h"
#include "executor/backends/cuda/check.h"

namespace pipedit::executor {

void check(ncclResult_t status, std::source_location place) {
  if (status == ncclSuccess || status == ncclInProgress) return;
  const std::string_view file = place.file_name();
  throw Error(
      fmt::format("NCCL: {} (at {}:{})", ncclGetErrorString(status), file.substr(file.rfind('/') + 1), place.line()));
}

void NcclComm::begin(int rank, int ranks, const ncclUniqueId& id) {
  const OnDevice here(device_);
  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  config.blocking = 0;
  check(ncclCommInitRankConfig(&comm_, ranks, id, rank, &config));
}

void NcclComm::stop_if_aborted() const {
  if (aborted_) throw Stopped{};
}

ncclResult_t NcclComm::state() {
  const std::lock_guard lock(mutex_);
  stop_if_aborted();
  ncclResult_t result = ncclSuccess;
  check(ncclCommGetAsyncError(comm_, &result));
  return result;
}

void NcclComm::settle() {
  for (;;) {
    const ncclResult_t result = state();
    if (result != ncclInProgress) return check(result);
    std::this_thread::sleep_for(20us);
  }
}

void NcclComm::begin_close() {
  with([](ncclComm_t comm) { check(ncclCommFinalize(comm)); });
}

void NcclComm::close() {
  const std::lock_guard lock(mutex_);
  check(ncclCommDestroy(comm_));
  comm_ = nullptr;
}

void NcclComm::abort() noexcept {
  const std::lock_guard lock(mutex_);
  aborted_ = true;
  if (comm_ != nullptr) ncclCommAbort(comm_);
  comm_ = nullptr;
}

}  // namespace pipedit::executor
