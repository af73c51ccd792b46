#include "cli/module/run_device.h"

namespace pipedit::cli {

std::unique_ptr<RunDevice> make_device(const std::string& name, const RunDeviceOptions& options) {
  return name == "cuda" ? make_cuda_device(options) : make_cpu_device(options);
}

std::string device_for(const Cluster& cluster) {
  return cluster.devices.front().kind == DeviceKind::gpu ? "cuda" : "cpu";
}

at::ScalarType scalar_type(const models::Model& model) {
  return model.dtype == models::Dtype::bf16 ? at::kBFloat16 : at::kFloat;
}

}  // namespace pipedit::cli
