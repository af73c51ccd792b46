#include "executor/backends/cuda/check.h"

#include <string_view>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::executor {

void check(cudaError_t status, std::source_location place) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // what could be forgotten is; an error of the device stays
  const std::string_view file = place.file_name();
  throw Error(fmt::format("CUDA: {} ({} at {}:{})", cudaGetErrorString(status), cudaGetErrorName(status),
                          file.substr(file.rfind('/') + 1), place.line()));
}

OnDevice::OnDevice(int device) {
  check(cudaGetDevice(&before_));
  check(cudaSetDevice(device));
}

}  // namespace pipedit::executor
